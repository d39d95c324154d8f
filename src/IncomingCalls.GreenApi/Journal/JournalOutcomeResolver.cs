using System.Collections.Concurrent;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>
/// Finds missing outcomes in the call journals of GREEN-API, see <see href="https://green-api.com/en/docs/api/journals/LastIncomingCalls/">LastIncomingCalls</see>. A journal is late and can
/// be incomplete, so that a call is missing in it proves nothing.
/// </summary>
internal sealed class JournalOutcomeResolver(
    GreenApiClient client,
    ICallInstances instances,
    LastKnownGoodOptions<GreenApiOptions> options,
    IHandlerValueStore values,
    TimeProvider time,
    ILogger<JournalOutcomeResolver> logger) : IMissingOutcomeResolver, IDisposable
{
    /// <summary>How many instances are asked at once.</summary>
    private const int MaxConcurrentRequests = 20;

    /// <summary>A call ends after its first notification, and the clocks differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<long, InstanceJournals> _journals = new();
    private readonly SemaphoreSlim _requests = new(MaxConcurrentRequests);

    public TimeSpan MinDelay => CallJournalSchedule.MinDelay;

    public bool Covers(long idInstance) =>
        options.CurrentValue.CallJournal != CallJournalUse.Off
        && instances.Find(idInstance) is { } instance && InstanceValidator.FindProblem(instance) is null
        && GetJournals(instance).IsAvailable;

    public async ValueTask<OutcomeResolution> ResolveAsync(MissingOutcome missing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(missing);
        var idInstance = missing.Call.Key.IdInstance;
        var now = time.GetUtcNow();
        if (!Covers(idInstance) || now - missing.FirstReceivedAt > GreenApiClient.MaxJournalAge - Margin || instances.Find(idInstance) is not { } instance)
        {
            return OutcomeResolution.None;
        }

        var journals = GetJournals(instance);
        await journals.LoadAsync(cancellationToken).ConfigureAwait(false);
        if (!journals.IsAvailable)
        {
            return OutcomeResolution.None;
        }

        var since = missing.FirstReceivedAt - Margin;
        var incoming = await journals.Incoming.ReadAsync(since, cancellationToken).ConfigureAwait(false);
        var outgoing = incoming.Calls is null || !missing.Call.Anomalies.HasFlag(CallAnomalies.FromSelf) ? new() { Calls = [] }
            : await journals.Outgoing.ReadAsync(since, cancellationToken).ConfigureAwait(false);
        if ((incoming.Calls, outgoing.Calls) is ({ } client, { } own))
        {
            return Find(missing, client, own, journals) is { } entry ? new() { Entry = entry } : AskAgain(missing);
        }

        if ((incoming.AskAgainAt ?? outgoing.AskAgainAt) is { } askAgainAt)
        {
            return new() { AskAgainAt = askAgainAt, IsPostponed = true };
        }

        var failed = incoming.Failure is null ? outgoing : incoming;
        if (!IsRefusal(failed.Failure!.Value))
        {
            return AskAgain(missing);
        }

        logger.CallJournalUnavailable(idInstance, await journals.RecordUnavailableAsync(cancellationToken).ConfigureAwait(false), failed.FailureText!);
        return OutcomeResolution.None;
    }

    public void Dispose()
    {
        foreach (var journals in _journals.Values)
        {
            journals.Dispose();
        }

        _requests.Dispose();
    }

    private static CallJournalEntry? Find(MissingOutcome missing, IReadOnlyList<GreenApiJournalCall> incoming, IReadOnlyList<GreenApiJournalCall> outgoing, InstanceJournals journals)
    {
        if (CallJournalMatch.FindById(missing.Call, incoming, outgoing) is { } entry)
        {
            journals.RecordEqualId();
            return entry;
        }

        return journals.HasEqualIds ? null : CallJournalMatch.FindByChat(missing.Call, incoming);
    }

    /// <summary>Whether the request is refused for as long as the plan, the token or the settings are as they are.</summary>
    private static bool IsRefusal(GreenApiStatus status) =>
        status is GreenApiStatus.BadRequest or GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound or GreenApiStatus.QuotaExceeded;

    private OutcomeResolution AskAgain(MissingOutcome missing) =>
        new() { AskAgainAt = CallJournalSchedule.GetNext(missing, time.GetUtcNow(), TimeSpan.FromSeconds(Random.Shared.Next(60))) };

    private InstanceJournals GetJournals(CallInstance instance) => _journals.AddOrUpdate(
        instance.IdInstance,
        static (_, arguments) => arguments.Resolver.CreateJournals(arguments.Instance),
        static (_, existing, arguments) => existing.IsFor(arguments.Instance) ? existing : arguments.Resolver.CreateJournals(arguments.Instance),
        (Resolver: this, Instance: instance));

    private InstanceJournals CreateJournals(CallInstance instance) => new(instance, client, _requests, values, time);
}
