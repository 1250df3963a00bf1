const kept = 'kindred.theme';
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export function currentTheme(): Theme {
  const chosen = localStorage.getItem(kept);
  return themes.find((each) => each === chosen) ?? 'system';
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(kept, theme);
  applyTheme();
}

export function applyTheme(): void {
  const theme = currentTheme();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
