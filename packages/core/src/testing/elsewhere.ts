const DAY_MS = 86_400_000;

/** Makes a call on another day, with other random numbers, and with these environment variables. */
export function elsewhere<T>(variables: Readonly<Record<string, string>>, call: () => T): T {
  const { Date: date, process: own } = globalThis;
  const random = Math.random.bind(Math);
  const env = own.env;
  globalThis.Date = later(date);
  Math.random = () => 1 - random();
  own.env = { ...env, ...variables };
  try {
    return call();
  } finally {
    own.env = env;
    Math.random = random;
    globalThis.Date = date;
  }
}

function later(date: DateConstructor): DateConstructor {
  const now = date.now() + 40 * DAY_MS;
  return new Proxy(date, {
    construct: (target, given: unknown[]) =>
      Reflect.construct(target, given.length === 0 ? [now] : given) as Date,
    get: (target, key) => (key === 'now' ? () => now : (Reflect.get(target, key) as unknown)),
  });
}
