import { describe, expect, it } from '@jest/globals';
import { Handles, scope, type Handle } from './scope.js';

class FakeHandle implements Handle {
  static log: string[] = [];
  readonly #name: string;
  #deleted = false;

  constructor(name: string) {
    this.#name = name;
  }

  delete(): void {
    if (this.#deleted) throw new Error('deleted twice');
    this.#deleted = true;
    FakeHandle.log.push(this.#name);
  }

  isDeleted(): boolean {
    return this.#deleted;
  }
}

describe('scope', () => {
  it('frees everything owned, newest first, and lets the bytes out', () => {
    FakeHandle.log = [];
    const bytes = scope((own) => {
      own(new FakeHandle('first'));
      own(new FakeHandle('second'));
      return Uint8Array.of(1);
    });
    expect(FakeHandle.log).toEqual(['second', 'first']);
    expect(bytes).toEqual(Uint8Array.of(1));
  });

  it('frees what was owned when the body throws', () => {
    const handle = new FakeHandle('thrown');
    expect(() =>
      scope((own) => {
        own(handle);
        throw new Error('from the body');
      }),
    ).toThrow('from the body');
    expect(handle.isDeleted()).toBe(true);
  });

  it('does not free twice what was freed early', () => {
    const handles = new Handles();
    const [early, byItself, late] = [new FakeHandle('a'), new FakeHandle('b'), new FakeHandle('c')];
    for (const handle of [early, byItself, late]) handles.own(handle);
    handles.drop(early);
    byItself.delete();
    handles.free();
    handles.free();
    expect([early, byItself, late].every((handle) => handle.isDeleted())).toBe(true);
  });
});
