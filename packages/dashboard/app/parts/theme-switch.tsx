import { useLayoutEffect, useState } from 'preact/hooks';
import { remembered } from '../state/remembered.js';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const memory = remembered('theme');

function themeFrom(text: string | undefined): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system';
}

/** Light, dark, or as the system. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(() => themeFrom(memory.get()));
  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
    memory.set(theme === 'system' ? undefined : theme);
  }, [theme]);
  return (
    <label class="theme">
      Theme{' '}
      <select value={theme} onChange={({ currentTarget: { value } }) => setTheme(themeFrom(value))}>
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
