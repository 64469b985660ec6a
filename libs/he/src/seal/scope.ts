/**
 * SEAL objects live in the wasm heap and nothing frees them but `.delete()`. Every handle therefore has an owner: a scope for the length
 * of one computation, or `Handles` for as long as a fold or a session lasts. Only values leave a scope, never a handle.
 */
export interface Handle {
  delete(): void;
  isDeleted(): boolean;
}

export type Own = <H extends Handle>(handle: H) => H;

/** What may leave a scope: bytes, numbers and collections of them. */
export type Outcome =
  void | boolean | number | bigint | Uint8Array | Uint32Array | Int32Array | BigUint64Array | Map<number, Uint8Array>;

/** Frees everything that `body` owned, newest first, whether it returns or throws. */
export function scope<R extends Outcome>(body: (own: Own) => R): R {
  const handles = new Handles();
  try {
    return body(handles.own);
  } finally {
    handles.free();
  }
}

/** An owner that outlives one call. */
export class Handles {
  readonly #owned = new Set<Handle>();

  readonly own: Own = (handle) => {
    this.#owned.add(handle);
    return handle;
  };

  /** Frees one handle early. */
  drop(handle: Handle): void {
    if (this.#owned.delete(handle) && !handle.isDeleted()) handle.delete();
  }

  free(): void {
    for (const handle of [...this.#owned].reverse()) this.drop(handle);
  }
}
