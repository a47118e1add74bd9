const OPTION = '--group-add';

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
