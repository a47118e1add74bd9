/** Whether it is data: what a class made, functions and what belongs to the system keep their own rules. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> | readonly unknown[] {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** Freezes core's own data through and through before a plugin gets it. What is frozen already costs nothing. */
export function deepFreeze<T>(value: T): T {
  if (isPlain(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** A frozen copy of a plugin's data, which the plugin can't change any more, and whose own it leaves as it is. */
export function frozenCopy<T>(value: T): T {
  if (!isPlain(value)) return ArrayBuffer.isView(value) ? copyOfView(value) : value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as T;
  const entries = Object.entries(value).map(([key, inner]) => [key, frozenCopy(inner)] as const);
  return Object.freeze(Object.fromEntries(entries)) as T;
}

/** Typed arrays can't be frozen. */
function copyOfView<T extends ArrayBufferView>(view: T): T {
  return structuredClone(view);
}
