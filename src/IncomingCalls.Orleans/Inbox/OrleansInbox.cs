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

/// <summary>The inbox of a node. It is stateless and forwards notifications to grains; a notification may be acknowledged when its grain has stored it.</summary>
internal sealed class OrleansInbox(ClusterRole cluster, CallTransitions transitions, StoreHealth health, TimeProvider time)
    : ICallInbox, ICallHealthSource
{
    private static readonly TimeSpan HealthCheckTimeout = TimeSpan.FromSeconds(5);

    private readonly CallGrainLocator _callGrains = new();

    public bool IsDurable => true;

    public string Name => "inbox";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Fails the start of a host that is neither a silo nor a client.
        _ = cluster.Grains;
        return Task.CompletedTask;
    }

    // Grains drain their tasks when their silo deactivates them.
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
                AcceptOutcome.Discarded => IntakeOutcome.Discarded,
                _ => IntakeOutcome.Stored,
            },
        };
    }

    public async ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        // Copied, because the transport reuses its buffer after a cancellation, which may be before the write.
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
        transitions.ReportCommitted(item);
    }

    public async ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (health.CurrentFailure is { } failure)
        {
            return HealthCheckResult.Unhealthy($"The storage of the Orleans inbox cannot be used: {failure}");
        }

        try
        {
            await InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).CountAsync().WaitAsync(HealthCheckTimeout, time, CancellationToken.None), cancellationToken);
            // Without writes, nothing else would log the recovery.
            health.ReportSuccess();
            return HealthCheckResult.Healthy();
        }
        catch (CallInboxUnavailableException e)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }

    /// <summary>Calls a grain.</summary>
    /// <exception cref="CallInboxUnavailableException">
    /// The grain did not respond, or could not store its state. A notification that it stored all the same is a duplicate at its redelivery.
    /// </exception>
    internal async Task<T> InvokeAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cluster.Grains).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw e as CallInboxUnavailableException ?? new CallInboxUnavailableException($"The Orleans cluster did not respond: {e.GetType().Name}.", e);
        }
    }
}
