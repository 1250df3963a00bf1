import { createRouter, createWebHistory } from 'vue-router';
import WorkView from './inbox/WorkView.vue';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'work', component: WorkView },
    { path: '/tickets/:id(\\d+)', name: 'ticket', component: WorkView },
    { path: '/wall', name: 'wall', component: () => import('./supervisor/WallView.vue') },
    { path: '/rules', name: 'rules', component: () => import('./rules/RulesView.vue') },
    { path: '/reports', name: 'reports', component: () => import('./reports/ReportsView.vue') },
    { path: '/findings', name: 'findings', component: () => import('./findings/FindingsView.vue') },
    { path: '/staffing', name: 'staffing', component: () => import('./staffing/StaffingView.vue') },
    { path: '/start', name: 'start', component: () => import('./start/StartView.vue') },
    { path: '/incidents', name: 'incidents', component: () => import('./incidents/IncidentsView.vue') },
    { path: '/coverage', name: 'coverage', component: () => import('./coverage/CoverageView.vue') },
    { path: '/channels', name: 'channels', component: () => import('./admin/ChannelsView.vue') },
    { path: '/people', name: 'people', component: () => import('./admin/PeopleView.vue') },
    { path: '/tokens', name: 'tokens', component: () => import('./admin/TokensView.vue') },
    { path: '/audit', name: 'audit', component: () => import('./admin/AuditView.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
