import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

// The theme is set before the first paint by a script of its own: the policy of the pages allows no inline script, and a module would run
// too late. It is emitted with a hashed name like everything under assets/.
function themeBeforePaint(): Plugin {
  const path = new URL('./src/boot/theme.js', import.meta.url);
  let name = 'src/boot/theme.js';
  let building = false;
  return {
    name: 'theme-before-paint',
    configResolved: (config) => void (building = config.command === 'build'),
    buildStart() {
      if (!building) return;
      const source = readFileSync(path, 'utf8').replace(/^\s*\/\/.*\n/gm, '');
      const hash = createHash('sha256').update(source).digest('hex').slice(0, 8);
      name = `assets/theme-${hash}.js`;
      this.emitFile({ type: 'asset', fileName: name, source });
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: `./${name}` }, injectTo: 'head-prepend' }],
  };
}

// Who works on the pages works with a real server (npm run dev): what is not a page is asked of it. Its cookie is kept, as browsers trust
// loopback; its check of where a request comes from compares Origin with Host, so the Host of the browser goes on as it is.
const target = process.env['TOCSIN_ADDRESS'] ?? 'http://127.0.0.1:8400';
const toServer = { target, changeOrigin: false };

export default defineConfig(({ command }) => ({
  base: './',
  plugins: [themeBeforePaint()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Chunks of pages are named by their folder: src/pages/overview/page.tsx is assets/overview-HASH.js.
        chunkFileNames: (chunk) => `assets/${/src\/pages\/([\w-]+)\//.exec(chunk.facadeModuleId ?? '')?.[1] ?? chunk.name}-[hash].js`,
      },
    },
  },
  server: command === 'serve' ? { host: '127.0.0.1', strictPort: false, proxy: { '/api/': toServer, '/incidents/': toServer } } : undefined,
  test: { include: ['src/**/*.test.ts'], environment: 'node', css: true },
}));
