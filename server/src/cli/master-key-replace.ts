// Owns `master-key replace`: another master key opens the installation from now on.
import { resolve } from 'node:path'
import { replaceMasterKey } from '../installation.ts'
import { equalSecrets } from '../lib/equal-secrets.ts'
import { systemRandom } from '../lib/random.ts'
import { readMasterKey } from '../vault/master-key.ts'
import { defineCommand, wrongUsage } from './command.ts'

interface ReplaceResult {
  /** Holds the master key that counts now. */
  file: string
}

export const masterKeyReplace = defineCommand<ReplaceResult>({
  name: 'master-key replace',
  summary: 'put another master key in the place of this one; servers that run go on',
  declare: (syntax) =>
    // Where the command is typed: a server that runs it may be in another folder.
    syntax.argument('<file>', 'the next master key; made when it is not there', (path) =>
      resolve(path),
    ),
  async run(host, args) {
    const { masterKey: value, masterKeyFile } = host.config
    const file = String(args['file'])
    const database = await host.openDatabase()
    const source = { value, file: masterKeyFile, mayCreate: false }
    const current = readMasterKey(source, systemRandom)
    const next = readMasterKey({ value: undefined, file, mayCreate: true }, systemRandom)
    if (equalSecrets(current, next)) {
      throw wrongUsage('the next master key is the one that counts now', 'name another file')
    }
    await replaceMasterKey(database, { current, next }, systemRandom)
    return { file }
  },
  render: ({ file }) =>
    [
      `The master key is the one in ${file} from now on`,
      `  Set CLIENTELE_MASTER_KEY_FILE=${file} before the next start, and keep a copy of it`,
      '  Backups made until now still need the key before it',
    ].join('\n'),
})
