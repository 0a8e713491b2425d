// Starts the GitHub of emulate, which nobody here wrote, and says where it listens.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, port, token] = process.argv.slice(2)
const api = pathToFileURL(join(folder, 'node_modules/emulate/dist/api.js'))
const { createEmulator } = await import(api.href)
const github = await createEmulator({
  service: 'github',
  port: Number(port),
  seed: {
    github: {
      users: [{ login: 'dana' }, { login: 'kim' }],
      repos: [{ owner: 'dana', name: 'plan' }],
    },
    tokens: { [token]: { login: 'dana', scopes: ['repo', 'user'] } },
  },
})
console.log(`listening on ${github.url}`)
