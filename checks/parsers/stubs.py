"""Lets an engine's argument parser be imported without the libraries of the engine: what isn't installed is a stub.

A stub accepts whatever a module does with a name while it is imported: calls, subscripts, comparisons, decorators, base classes.
It is false and empty, so that code which checks for a feature behaves as on a machine without it.
"""

import abc
import importlib.abc
import importlib.machinery
import sys
import types

# Accelerators of other makers; engines check for them with hasattr(torch, ...).
ABSENT = {"npu", "hpu", "musa", "mlu", "xpu"}
# Packages that the installed ones use only if they find them.
OPTIONAL = {"email_validator"}


class Stub(abc.ABCMeta):
    """The type of names in modules that aren't installed. They are classes, because other classes derive from some of them."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return stub_of(f"{cls.__name__}.{name}")

    def __call__(cls, *args, **kwargs):
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
            return args[0]  # a decorator
        return cls if "_is_stub" in cls.__dict__ else super().__call__(*args, **kwargs)

    def __getitem__(cls, key):
        return cls

    def __setitem__(cls, key, value):
        pass

    def __contains__(cls, item):
        return False

    def __iter__(cls):
        return iter(())

    def __len__(cls):
        return 0

    def __bool__(cls):
        return False

    def __index__(cls):
        return 0

    def __int__(cls):
        return 0

    def __lt__(cls, other):
        return False

    __gt__ = __lt__

    def __ge__(cls, other):
        return True

    __le__ = __ge__

    def __or__(cls, other):
        return cls

    __ror__ = __or__

    def __add__(cls, other):
        return other

    __radd__ = __add__

    def __enter__(cls):
        return cls

    def __exit__(cls, *error):
        return False

    def register(cls, *args, **kwargs):
        return None


def stub_of(name):
    def any_value(cls, source, handler):
        from pydantic_core import core_schema

        return core_schema.any_schema()

    return Stub(
        name.rpartition(".")[2],
        (),
        {
            "_is_stub": True,
            "__init_subclass__": classmethod(lambda cls, **options: None),
            "__get_pydantic_core_schema__": classmethod(any_value),
        },
    )


class StubModule(types.ModuleType):
    __path__ = []
    __version__ = "2.9.0"

    def __getattr__(self, name):
        if name.startswith("__") or name in ABSENT:
            raise AttributeError(name)
        stub = stub_of(f"{self.__name__}.{name}")
        setattr(self, name, stub)
        return stub


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Replaces the modules that `is_stub` names."""

    def __init__(self, is_stub):
        self.is_stub = is_stub

    def find_spec(self, name, path, target=None):
        if self.is_stub(name):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return StubModule(spec.name)

    def exec_module(self, module):
        pass


def stub_missing(engine):
    """Modules that nothing else provides; missing modules of the engine itself stay missing."""
    missing = {engine, *sys.stdlib_module_names, *OPTIONAL}
    sys.meta_path.append(StubFinder(lambda name: name.partition(".")[0] not in missing))


def stub_package(package, keep=()):
    """A whole package, installed or not, except the modules `keep` and their parent packages."""

    def is_stub(name):
        return name.partition(".")[0] == package and not any(
            f"{kept}.".startswith(f"{name}.") for kept in keep
        )

    sys.meta_path.insert(0, StubFinder(is_stub))


def open_package(name, folder, version):
    """A package of the engine without its own __init__, which does more than parsing needs."""
    package = types.ModuleType(name)
    package.__path__ = [f"{folder}/{name.replace('.', '/')}"]
    package.__version__ = version
    package.__getattr__ = lambda attribute: capitalised(name, attribute)
    sys.modules[name] = package
    return package


def capitalised(name, attribute):
    """Names that the __init__ would have exported: classes. Other names are submodules and are imported."""
    if attribute[0].isupper():
        return stub_of(f"{name}.{attribute}")
    raise AttributeError(attribute)
