/** One of several, which all have a key for the address and a label. */
export function Menu({ label, names, value, onChange, isDisabled = false }: MenuProps) {
  return (
    <label>
      {label}{' '}
      <select
        value={value}
        disabled={isDisabled}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {names.map((one) => (
          <option key={one.key} value={one.key}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface MenuProps {
  readonly label: string;
  readonly names: readonly { readonly key: string; readonly label: string }[];
  readonly value: string;
  readonly onChange: (key: string) => void;
  readonly isDisabled?: boolean;
}
