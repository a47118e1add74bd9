/**
 * A plugin's object with some members in the place of its own; all others are its own, and called on it: it may keep state of its own
 * behind `this`, also in private fields. Members that are undefined are left as they are.
 */
export function overlay<T extends object>(
  object: T,
  members: { readonly [K in keyof T]?: T[K] | undefined },
): T {
  const own = new Map<PropertyKey, unknown>(
    Reflect.ownKeys(members).map((key) => [key, Reflect.get(members, key) as unknown] as const),
  );
  const read = (key: PropertyKey): unknown => own.get(key) ?? bound(object, key);
  // The object may be frozen, and a proxy of it could not give other members than it has.
  return new Proxy({} as T, {
    get: (_, key) => read(key),
    has: (_, key) => own.get(key) !== undefined || key in object,
  });
}

function bound(object: object, key: PropertyKey): unknown {
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'function' ? (value.bind(object) as unknown) : value;
}
