import type { Id, Ticket } from '@/api/types';

/** Some places of a list: from `first` until before `end`. */
export interface Stretch {
  first: number;
  end: number;
}

/** What a list shows, however it comes by it: a ticket for each place, or nothing where it is not here yet. */
export interface Shown {
  readonly count: number;
  at(index: number): Ticket | undefined;
  /** -1 for what is not here. */
  indexOf(id: Id | null): number;
}

/** What is here as a whole. */
export function shownOf(tickets: readonly Ticket[]): Shown {
  let places: Map<Id, number> | null = null;
  return {
    count: tickets.length,
    at: (index) => tickets[index],
    indexOf(id) {
      places ??= new Map(tickets.map((each, index) => [each.id, index]));
      return id === null ? -1 : places.get(id) ?? -1;
    },
  };
}

/** How many tickets are kept around those that somebody sees; of others the engine is asked again. */
const most = 1_000;

/**
 * A list that the engine has in its order, of any length. Only stretches of it are here; each change takes as long as
 * it has tickets of its own, not as the list is long.
 */
export class LongList implements Shown {
  #count = 0;
  #tickets = new Map<number, Ticket>();
  #places = new Map<Id, number>();
  /** Places that the engine has told of since the last `doubt`; a ticket that was gone already leaves its place empty. */
  #told = new Set<number>();

  get count(): number {
    return this.#count;
  }

  /** How many tickets are here. */
  get kept(): number {
    return this.#tickets.size;
  }

  at(index: number): Ticket | undefined {
    return this.#tickets.get(index);
  }

  indexOf(id: Id | null): number {
    return id === null ? -1 : this.#places.get(id) ?? -1;
  }

  /** The engine told these from `first` on, having been asked for `asked`, and how many there are in all. */
  fill(first: number, asked: number, tickets: readonly Ticket[], count: number): void {
    this.#count = count;
    const end = Math.min(first + asked, count);
    for (let index = first; index < end; index += 1) {
      this.#take(index);
      this.#told.add(index);
    }
    tickets.forEach((each, at) => this.#put(first + at, each));
    this.#forgetAround({ first, end });
  }

  /** A ticket that is here is shown as it is now. */
  replace(ticket: Ticket): void {
    const index = this.indexOf(ticket.id);
    if (index >= 0) this.#tickets.set(index, ticket);
  }

  /** A ticket is no longer in the list: those after it move up. */
  remove(id: Id): void {
    const gone = this.indexOf(id);
    if (gone < 0) return;
    this.#take(gone);
    const moved = (index: number) => (index > gone ? index - 1 : index);
    const before = [...this.#tickets];
    this.#told = new Set([...this.#told].filter((each) => each !== gone).map(moved));
    this.#tickets.clear();
    this.#places.clear();
    for (const [index, ticket] of before) this.#put(moved(index), ticket);
    this.#count -= 1;
  }

  /** What is here goes on being shown, but is asked for again when somebody sees it. */
  doubt(): void {
    this.#told.clear();
  }

  /** Of what somebody sees, the part that is to be asked for. */
  missing({ first, end }: Stretch): Stretch | null {
    let from = Math.max(0, first);
    let until = Math.min(end, this.#count);
    while (from < until && this.#told.has(from)) from += 1;
    while (until > from && this.#told.has(until - 1)) until -= 1;
    return from < until ? { first: from, end: until } : null;
  }

  /** Whether the engine has told of one of these places, and none the less there is nothing at it. */
  lacks({ first, end }: Stretch): boolean {
    for (let index = first; index < Math.min(end, this.#count); index += 1) if (this.#told.has(index) && !this.#tickets.has(index)) return true;
    return false;
  }

  #put(index: number, ticket: Ticket): void {
    // It stood elsewhere when that was told: it is shown once.
    const before = this.#places.get(ticket.id);
    if (before !== undefined && before !== index) this.#take(before);
    this.#take(index);
    this.#tickets.set(index, ticket);
    this.#places.set(ticket.id, index);
  }

  #take(index: number): void {
    const ticket = this.#tickets.get(index);
    if (ticket === undefined) return;
    this.#tickets.delete(index);
    if (this.#places.get(ticket.id) === index) this.#places.delete(ticket.id);
  }

  #forgetAround({ first, end }: Stretch): void {
    const isNear = (index: number) => index < this.#count && index >= first - most / 2 && index < end + most / 2;
    for (const index of [...this.#tickets.keys()]) if (!isNear(index)) this.#take(index);
    for (const index of this.#told) if (!isNear(index)) this.#told.delete(index);
  }
}
