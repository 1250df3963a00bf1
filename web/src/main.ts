import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router';
import { applyTheme } from './shell/theme';
import { preferredLanguage, speak, words } from './words';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/work.css';

applyTheme();
await speak(preferredLanguage());
createApp(App).use(createPinia()).use(words).use(router).mount('#app');
