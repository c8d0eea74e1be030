// Owns asking the measured database directly, on a connection of its own.
import pg from 'pg'

type Row = Record<string, unknown>

export async function query(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
