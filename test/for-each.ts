// Owns doing many things in a test, a bounded number at a time.

const atOnceMax = 16

export async function forEach<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: atOnceMax }, worker))
}
