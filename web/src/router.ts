import { createRouter, createWebHistory } from 'vue-router';
import { useSession } from './session/session_store';
import WorkView from './inbox/WorkView.vue';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'work', component: WorkView },
    { path: '/tickets/:id(\\d+)', name: 'ticket', component: WorkView },
    { path: '/wall', name: 'wall', component: () => import('./supervisor/WallView.vue'), meta: { needs: 'supervisor' } },
    { path: '/rules', name: 'rules', component: () => import('./rules/RulesView.vue'), meta: { needs: 'admin' } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

/** What somebody may not see is not opened; the engine refuses it besides. */
router.beforeEach((to) => {
  const session = useSession();
  if (session.state === 'unknown' || session.state === 'out') return true;
  if (to.meta.needs === 'supervisor' && !session.supervises) return '/';
  if (to.meta.needs === 'admin' && !session.administers) return '/';
  return true;
});
