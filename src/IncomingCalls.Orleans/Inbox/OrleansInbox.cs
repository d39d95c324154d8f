using System.Security.Cryptography;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Calls;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Orleans.Inbox;

/// <summary>The door of this node to the calls of the cluster. It keeps nothing: what a grain has written may be acknowledged, and nothing else.</summary>
internal sealed class OrleansInbox(ClusterAccess role, InboxServices inbox, StoreHealth trouble, TimeProvider time)
    : ICallInbox, ICallHealthSource
{
    private static readonly TimeSpan HealthCheckTimeout = TimeSpan.FromSeconds(5);

    private readonly CallGrainLocator _callGrains = new();

    public bool IsDurable => true;

    public string Name => "inbox";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = role.Grains;
        return Task.CompletedTask;
    }

    // Grains finish what is under way when their silo lets them go.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(received);
        var notification = received.Notification;
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        var accepted = await InvokeAsync(grains => _callGrains.Find(grains, key).AcceptAsync(JsonPayload.FromModel(received)), cancellationToken);
        return new()
        {
            Outcome = accepted switch
            {
                AcceptOutcome.Duplicate => IntakeOutcome.Duplicate,
                AcceptOutcome.Tracked => IntakeOutcome.Tracked,
                _ => IntakeOutcome.Stored,
            },
        };
    }

    public async ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        // The transport reuses its buffer when it stops waiting, which may be before the write.
        var bytes = item.Utf8Json.ToArray();
        var document = new QuarantineDocument
        {
            Reason = item.Reason.ToString(),
            Explanation = item.Explanation,
            Length = bytes.Length,
            Sha256 = Convert.ToHexString(SHA256.HashData(bytes)),
            IdInstance = item.IdInstance,
            ReceivedAt = item.ReceivedAt,
        };
        await InvokeAsync(
            async grains =>
            {
                await grains.GetGrain<IQuarantineGrain>(0).PutAsync(document, bytes);
                return true;
            },
            cancellationToken);
        inbox.ReportCommitted(item);
    }

    public async ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (trouble.CurrentFailure is { } problem)
        {
            return HealthCheckResult.Unhealthy($"The storage of the Orleans inbox cannot be used: {problem}");
        }

        try
        {
            await InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).CountAsync().WaitAsync(HealthCheckTimeout, time, CancellationToken.None), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (CallInboxUnavailableException e)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }

    /// <summary>Calls a grain.</summary>
    /// <exception cref="CallInboxUnavailableException">It did not answer, or could not write. What it may have kept all the same is a repeat when it comes again.</exception>
    internal async Task<T> InvokeAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(role.Grains).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw e as CallInboxUnavailableException ?? new CallInboxUnavailableException($"The Orleans cluster did not answer: {e.GetType().Name}.", e);
        }
    }
}
