import { ref } from 'vue';
import type { View } from './inbox_store';
import type { SortOrder } from './sorting';

export interface SavedView {
  name: string;
  view: View;
  order: SortOrder;
}

const kept = 'kindred.views';
const most = 30;

function read(): SavedView[] {
  try {
    const found = JSON.parse(localStorage.getItem(kept) ?? '[]') as unknown;
    return Array.isArray(found) ? found.filter((each): each is SavedView => typeof each?.name === 'string' && typeof each?.view?.kind === 'string') : [];
  } catch {
    return [];
  }
}

const saved = ref(read());

/** Views that somebody has given a name, on this computer. */
export const savedViews = saved;

/** Keeps a view under a name; one of the same name is replaced. */
export function saveView(view: SavedView): void {
  keep([...saved.value.filter((each) => each.name !== view.name), view].slice(-most));
}

export function forgetView(name: string): void {
  keep(saved.value.filter((each) => each.name !== name));
}

function keep(views: SavedView[]): void {
  saved.value = views;
  localStorage.setItem(kept, JSON.stringify(views));
}
