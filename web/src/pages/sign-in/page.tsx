// "#/sign-in" while signed in: there is nothing to do here.
import { useEffect } from 'preact/hooks';
import { go } from '../../router/router';
import { session } from '../../store/session';

export default function SignInAddress() {
  useEffect(() => {
    if (session.value.is === 'in') go('/', { replace: true });
  }, [session.value]);
  return null;
}
