using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>
/// Requests the ids of the accounts with getWaSettings, in the background and in every process, because each may receive the notifications of a webhook: once per
/// instance, again when its token or address has changed, and once a day, because another account may have logged in.
/// </summary>
internal sealed class OwnAccountService(
    GreenApiClient client, ICallIntake intake, ICallInstances instances, OwnAccounts accounts, TimeProvider time, ILogger<OwnAccountService> logger) : BackgroundService
{
    /// <summary>The rate limit is per instance; this limit protects the connections of the host.</summary>
    private const int MaxConcurrentRequests = 4;

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromDays(1);
    private static readonly TimeSpan InitialRetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromHours(1);

    private readonly Dictionary<long, AccountRequest> _requests = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await intake.WaitUntilReadyAsync(stoppingToken).ConfigureAwait(false);
            while (!stoppingToken.IsCancellationRequested)
            {
                // Watched before the list is read, so that a change in between is not missed.
                var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var registration = instances.Watch().RegisterChangeCallback(static source => ((TaskCompletionSource)source!).TrySetResult(), changed);
                FollowInstances();
                await RequestDueAsync(stoppingToken).ConfigureAwait(false);
                await WaitAsync(changed.Task, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    /// <summary>Adds a request for each new instance with a token, and removes those of instances that are gone or have changed.</summary>
    private void FollowInstances()
    {
        var usable = instances.Current.Where(static instance => InstanceValidator.FindProblem(instance) is null).ToDictionary(static instance => instance.IdInstance);
        foreach (var (idInstance, request) in _requests)
        {
            if (!usable.TryGetValue(idInstance, out var instance) || !request.IsFor(instance))
            {
                _requests.Remove(idInstance);
                accounts.Remove(idInstance);
            }
        }

        foreach (var (idInstance, instance) in usable)
        {
            _requests.TryAdd(idInstance, new(instance, time.GetUtcNow()));
        }
    }

    private Task RequestDueAsync(CancellationToken stoppingToken)
    {
        var now = time.GetUtcNow();
        var due = _requests.Values.Where(request => request.DueAt <= now).ToArray();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentRequests, CancellationToken = stoppingToken };
        return Parallel.ForEachAsync(due, parallel, async (request, cancellationToken) => await RequestAsync(request, cancellationToken).ConfigureAwait(false));
    }

    private async Task RequestAsync(AccountRequest request, CancellationToken cancellationToken)
    {
        string failure;
        try
        {
            var result = await client.GetWaSettingsAsync(request.Instance, cancellationToken).ConfigureAwait(false);
            if (result.Value is { } settings && (settings.LinkedId is not null || settings.PhoneNumber is not null))
            {
                accounts.Set(request.Instance.IdInstance, settings);
                request.Backoff.Reset();
                request.DueAt = time.GetUtcNow() + RefreshInterval;
                return;
            }

            // While the instance is not logged in, the ids are missing.
            failure = result.ToString();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A handler that the host has added to the HTTP client failed. The message may contain the address and therefore the token.
            failure = e.GetType().Name;
        }

        var delay = request.Backoff.Next();
        request.DueAt = time.GetUtcNow() + delay;
        logger.OwnAccountUnknown(request.Instance.IdInstance, failure, delay.TotalSeconds);
    }

    private async Task WaitAsync(Task changed, CancellationToken stoppingToken)
    {
        var delay = _requests.Count == 0 ? Timeout.InfiniteTimeSpan : _requests.Values.Min(static request => request.DueAt) - time.GetUtcNow();
        if (delay > TimeSpan.Zero || delay == Timeout.InfiniteTimeSpan)
        {
            // In whole milliseconds, as timers are: a shorter wait would end before the request is due.
            delay = delay == Timeout.InfiniteTimeSpan ? delay : TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
            await changed.WaitAsync(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The request for the account of one instance.</summary>
    private sealed class AccountRequest(CallInstance instance, DateTimeOffset dueAt)
    {
        public CallInstance Instance { get; } = instance;

        public Backoff Backoff { get; } = new(InitialRetryDelay, MaxRetryDelay);

        public DateTimeOffset DueAt { get; set; } = dueAt;

        public bool IsFor(CallInstance current) => current.ApiTokenInstance == Instance.ApiTokenInstance && current.ApiUrl == Instance.ApiUrl;
    }
}
