using System.Text.Json;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.StoredItems;

/// <summary>Stores the quarantine of the cluster.</summary>
[Reentrant]
[PartitionPlacement]
[CollectionAgeLimit(AlwaysActive = true)]
[Immovable]
[GrainType("incoming-calls.quarantine")]
internal sealed class QuarantineGrain : IGrainBase, IQuarantineGrain
{
    private static readonly TimeSpan TimerInterval = TimeSpan.FromSeconds(1);

    private readonly ICallIntake _intake;
    private readonly OrleansInboxOptions _options;
    private readonly OrleansInboxMetrics _metrics;
    private readonly ILogger _logger;
    private readonly BatchedStateWriter<StoredItemIndex> _state;
    private readonly StoredItemCollection _items;

    public QuarantineGrain(
        IGrainContext grainContext,
        GrainStateFactory states,
        ICallIntake intake,
        IOptions<OrleansInboxOptions> options,
        OrleansInboxMetrics metrics,
        TimeProvider time,
        ILogger<OrleansInboxLogCategory> logger)
    {
        GrainContext = grainContext;
        _intake = intake;
        _options = options.Value;
        _metrics = metrics;
        _logger = logger;
        _state = states.Create(grainContext, "index", StoredStateJsonContext.Default.StoredItemIndex);
        _items = new(
            _state,
            new(states.Storage, "quarantined"),
            new(states.Storage, "quarantined-bytes"),
            new() { ItemsPerInstance = _options.MaxQuarantineItems, Bytes = _options.MaxQuarantineBytes, Retention = _options.QuarantineRetention },
            time,
            logger);
    }

    public IGrainContext GrainContext { get; }

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        this.RegisterGrainTimer(OnTimerAsync, new(TimerInterval, TimerInterval) { Interleave = true });
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _metrics.ReportStoredItems(nameof(QuarantineGrain), null);
        return _state.WaitUntilIdleAsync();
    }

    public Task KeepAliveAsync() => _state.ReloadAsync();

    public Task<int> CountAsync() => Task.FromResult(_items.Count);

    public async Task PutAsync(QuarantineDocument item, byte[] utf8Json)
    {
        var document = JsonSerializer.SerializeToUtf8Bytes(item, StoredStateJsonContext.Default.QuarantineDocument);
        var dropped = await _items.PutAsync(document, utf8Json.Length, item.IdInstance, attachment: utf8Json);
        if (dropped > 0)
        {
            _logger.QuarantineDropped(dropped, _options.MaxQuarantineItems, StoredItemLimits.MaxItems, _options.MaxQuarantineBytes);
        }
    }

    public Task<byte[]?> ReadAsync(long id) => _items.ReadAttachmentAsync(id);

    public Task<StoredItem[]> ListAsync(int limit, long after) => _items.ListAsync(limit, after);

    public async Task<int> ReplayAsync(long[]? ids, JsonPayload action)
    {
        var requested = await _items.RequestReplayAsync(ids, action.ToModel<AdministrationLogEntry>());
        _ = ReplayQuarantinedAsync();
        return requested;
    }

    public Task<int> PurgeAsync(long[]? ids, JsonPayload action) => _items.PurgeAsync(ids, action.ToModel<AdministrationLogEntry>());

    public Task<ErasedItems> EraseAsync(long[] ids, JsonPayload report) => _items.EraseAsync(ids, report.ToModel<ErasureReport>());

    public Task<JsonPayload[]> ListLogAsync(int limit) => Task.FromResult<JsonPayload[]>([.. _items.GetLog(limit).Select(JsonPayload.FromModel)]);

    private async Task OnTimerAsync()
    {
        if (await _items.DeleteExpiredAsync() is > 0 and var expired)
        {
            _logger.QuarantineExpired(expired, _options.QuarantineRetention.TotalDays);
        }

        _metrics.ReportStoredItems(nameof(QuarantineGrain), _items.Count);
        await ReplayQuarantinedAsync();
    }

    /// <summary>Replays through the intake, as for a received notification. One that is still unreadable is quarantined as a new item.</summary>
    private Task ReplayQuarantinedAsync() => _items.ReplayAsync(utf8Json => Task.Run(() => _intake.AcceptAsync(utf8Json).AsTask()));
}
