const OPTION = '--group-add';

/** Arguments without the groups that they add. */
export function withoutGroups(args: readonly string[]): readonly string[] {
  return args.filter(
    (argument, index) =>
      argument !== OPTION && !argument.startsWith(`${OPTION}=`) && args[index - 1] !== OPTION,
  );
}

/**
 * Names of groups as the numbers that this machine has for them: devices belong to those, and an image may lack the name or have
 * another number. @param table /etc/group
 */
export function withGroupNumbers(args: readonly string[], table: string): readonly string[] {
  const numbers = new Map(
    table.split('\n').map((line) => {
      const [name = '', , number = ''] = line.split(':');
      return [name, number] as const;
    }),
  );
  const numberOf = (name: string): string => numbers.get(name) ?? name;
  return args.map((argument, index) => {
    if (argument.startsWith(`${OPTION}=`)) return `${OPTION}=${numberOf(argument.slice(OPTION.length + 1))}`;
    return args[index - 1] === OPTION ? numberOf(argument) : argument;
  });
}
