// Owns asking the measured database directly, on a connection of its own.
import pg from 'pg'

type Row = Record<string, unknown>

export function query(url: string, text: string): Promise<Row[]> {
  return connected(url, async (client) => (await client.query<Row>(text)).rows)
}

/** The connection, and its process, stand while `use` runs. */
export async function connected<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
