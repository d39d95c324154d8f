namespace IncomingCalls.CrashTests;

/// <summary>Finds the names of two of three callers, soon or late; the lookup of the third does not end before the wait is over.</summary>
internal sealed class SlowCallerNames(CrashInjector injector) : ICallerNameResolver
{
    private static readonly TimeSpan[] Durations = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan];

    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        injector.Reach(CrashLocation.LookingUp);
        await Task.Delay(Durations[query.ChatId.Value[^6] % Durations.Length], TimeProvider.System, cancellationToken);
        injector.Reach(CrashLocation.NameFound);
        return new() { Name = "Ivan", Source = "test" };
    }
}
