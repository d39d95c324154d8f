using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Erasure;

/// <summary>Carries out erasures, and stores their reports. Silos read them before they accept a notification (<see cref="ClusterErasures"/>).</summary>
[Reentrant]
[Immovable]
[GrainType("incoming-calls.erasures")]
internal sealed class ErasuresGrain(
    IGrainContext grainContext, GrainStateFactory states, IGrainFactory grains, AttemptRunner runner, ICallInstances instances, TimeProvider time) : IGrainBase, IErasuresGrain
{
    private static readonly JsonTypeInfo<ErasureReport> ReportTypeInfo = (JsonTypeInfo<ErasureReport>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(ErasureReport));

    private readonly BatchedStateWriter<ErasuresState> _state = states.Create(grainContext, "erasures", StoredStateJsonContext.Default.ErasuresState);

    public IGrainContext GrainContext { get; } = grainContext;

    public Task OnActivateAsync(CancellationToken cancellationToken) => _state.LoadAsync();

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _state.WaitUntilIdleAsync();

    public async Task<JsonPayload> EraseAsync(JsonPayload report, string? chatId)
    {
        var subject = ErasedSubject.ForReport(report.ToModel<ErasureReport>());
        var before = _state.Current.Reports.TryGetValue(subject.Report.Id, out var stored) && TryDeserialize(stored) is { } known ? known.Counts : subject.Report.Counts;
        await StoreAsync(subject.Report with { Counts = before });
        // From here on, no silo accepts what was sent before.
        await Task.Delay(ClusterErasures.KnownAfter, time);
        var erasure = new SubjectErasure(grains, runner.HandlerNames, instances, subject);
        var counts = await erasure.RunAsync(chatId is null ? null : ChatId.Parse(chatId));
        var result = subject.Report with { Counts = before + counts, IsComplete = erasure.IsComplete };
        await StoreAsync(result);
        return JsonPayload.FromModel(result);
    }

    public async Task<JsonPayload[]> ListAsync(int limit)
    {
        await _state.ReloadAsync();
        return [.. _state.Current.Reports.Values.Select(TryDeserialize).OfType<ErasureReport>().OrderByDescending(static report => report.At).Take(limit).Select(JsonPayload.FromModel)];
    }

    private Task StoreAsync(ErasureReport report) =>
        _state.ApplyAsync(state => state with { Reports = state.Reports.SetItem(report.Id, JsonSerializer.SerializeToElement(report, ReportTypeInfo)) });

    /// <summary>Reads a report; null when it cannot be read, since calls must not be refused because of it.</summary>
    private static ErasureReport? TryDeserialize(JsonElement report)
    {
        try
        {
            return report.Deserialize(ReportTypeInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
