namespace IncomingCalls.CrashTests;

/// <summary>Ends a host as planned, from outside or by waiting for it to end itself.</summary>
internal sealed class HostKiller(Gateway gateway, TimeProvider time)
{
    /// <summary>How long a host may take to start; only a broken one takes longer.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <summary>How long a point is waited for: it may never be passed as often as planned.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>Ends the host.</summary>
    /// <returns>Whether it ended as planned; else it was killed because it did not.</returns>
    /// <exception cref="TimeoutException">The host neither runs nor ends.</exception>
    public async Task<bool> EndAsync(HostProcess host, KillPlan plan)
    {
        var end = host.WaitForExitAsync();
        if (plan.Trigger != KillTrigger.Started || plan.CrashPoint is not null)
        {
            await host.Address.WaitAsync(StartLimit, time);
        }

        if (plan.CrashPoint is not null)
        {
            return await EndWithinAsync(end, host, WaitLimit);
        }

        var isAsPlanned = plan.Trigger != KillTrigger.Acknowledged || await WaitForAcknowledgementsAsync(plan.Acknowledgements, end);
        if (plan.Trigger == KillTrigger.Terminated)
        {
            host.Terminate();
        }

        await EndWithinAsync(end, host, plan.Delay);
        return isAsPlanned;
    }

    /// <summary>Waits for the end of the host, and brings it about when it takes longer.</summary>
    private async Task<bool> EndWithinAsync(Task end, HostProcess host, TimeSpan limit)
    {
        try
        {
            await end.WaitAsync(limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            host.Kill();
            await end;
            return false;
        }
    }

    private async Task<bool> WaitForAcknowledgementsAsync(int count, Task end)
    {
        var goal = gateway.CountAcknowledged() + count;
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (gateway.CountAcknowledged() < goal)
        {
            if (end.IsCompleted || time.GetElapsedTime(started) > WaitLimit)
            {
                return false;
            }

            await timer.WaitForNextTickAsync();
        }

        return true;
    }
}
