namespace IncomingCalls.CrashTests;

/// <summary>Ends a host as planned: kills it from outside, or waits until it kills or stops itself.</summary>
internal sealed class HostKiller(Gateway gateway, TimeProvider time)
{
    /// <summary>The longest time that a host may take to start; only a faulty one takes longer.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <summary>The longest wait for a crash point, which a run may never reach as often as planned.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(2);

    /// <summary>The longest time that a host may take to stop: the 30 s of its shutdown timeout, 2 s for cancelled attempts, and a slow machine.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>Ends the host.</summary>
    /// <returns>A task whose result says whether the host ended as planned; false when it had to be killed because it did not.</returns>
    /// <exception cref="TimeoutException">The host neither listens nor exits.</exception>
    public async Task<bool> EndAsync(HostProcess host, KillPlan plan)
    {
        var exit = host.WaitForExitAsync();
        if (plan.Trigger != KillTrigger.Started || plan.CrashPoint is not null)
        {
            await host.Address.WaitAsync(StartLimit, time);
        }

        if (plan.IsStop)
        {
            return await StopAsync(exit, host);
        }

        if (plan.CrashPoint is not null)
        {
            return await EndWithinAsync(exit, host, WaitLimit);
        }

        var isAsPlanned = plan.Trigger != KillTrigger.Acknowledged || await WaitForAcknowledgementsAsync(plan.Acknowledgements, exit);
        if (plan.Trigger == KillTrigger.Terminated)
        {
            host.Terminate();
        }

        await EndWithinAsync(exit, host, plan.Delay);
        return isAsPlanned;
    }

    /// <summary>Waits until the host stops itself; stops it when it does not reach its crash point. A host that does not end is killed.</summary>
    private async Task<bool> StopAsync(Task exit, HostProcess host)
    {
        await Task.WhenAny(exit, host.StopRequested, Task.Delay(WaitLimit, time));
        var isReached = host.StopRequested.IsCompleted;
        if (!isReached)
        {
            host.Terminate();
        }

        await EndWithinAsync(exit, host, StopLimit);
        return isReached;
    }

    /// <summary>Waits until the host has exited, and kills it when that takes longer than the limit.</summary>
    private async Task<bool> EndWithinAsync(Task exit, HostProcess host, TimeSpan limit)
    {
        try
        {
            await exit.WaitAsync(limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            host.Kill();
            await exit;
            return false;
        }
    }

    private async Task<bool> WaitForAcknowledgementsAsync(int count, Task exit)
    {
        var goal = gateway.CountAcknowledged() + count;
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (gateway.CountAcknowledged() < goal)
        {
            if (exit.IsCompleted || time.GetElapsedTime(started) > WaitLimit)
            {
                return false;
            }

            await timer.WaitForNextTickAsync();
        }

        return true;
    }
}
