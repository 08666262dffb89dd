/**
 * The answer of a thread, or an Error if none has come after so many milliseconds. An answer that arrived while this thread was too busy
 * to read it counts: the event loop gets one more turn to deliver it.
 */
export async function answerWithin<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  if (milliseconds === Number.POSITIVE_INFINITY) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`no answer within ${milliseconds} ms`));
    timer = setTimeout(() => setImmediate(() => setImmediate(fail)), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
