/** A number that is not negative. It is set when the field is left, or at Enter. */
export function NumberField({ value, placeholder, onSet }: NumberFieldProps) {
  return (
    <input
      type="number"
      min="0"
      step="any"
      inputMode="decimal"
      class="limit"
      value={value ?? ''}
      placeholder={placeholder}
      onChange={({ currentTarget }) => onSet(currentTarget.value)}
    />
  );
}

interface NumberFieldProps {
  readonly value: string | undefined;
  readonly placeholder: string;
  readonly onSet: (value: string) => void;
}
