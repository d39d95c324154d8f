using System.Security.Cryptography;
using System.Text;
using IncomingCalls.Inbox;
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

/// <summary>Stores the dead letters of the cluster.</summary>
[Reentrant]
[PartitionPlacement]
[CollectionAgeLimit(AlwaysActive = true)]
[Immovable]
[GrainType("incoming-calls.dead-letters")]
internal sealed class DeadLettersGrain : IGrainBase, IDeadLettersGrain
{
    private static readonly TimeSpan TimerInterval = TimeSpan.FromSeconds(1);

    private readonly IGrainFactory _grains;
    private readonly OrleansInboxOptions _options;
    private readonly OrleansInboxMetrics _metrics;
    private readonly ILogger _logger;
    private readonly BatchedStateWriter<StoredItemIndex> _state;
    private readonly StoredItemCollection _items;

    public DeadLettersGrain(
        IGrainContext grainContext,
        GrainStateFactory states,
        IGrainFactory grains,
        IOptions<OrleansInboxOptions> options,
        OrleansInboxMetrics metrics,
        TimeProvider time,
        ILogger<OrleansInboxLogCategory> logger)
    {
        GrainContext = grainContext;
        _grains = grains;
        _options = options.Value;
        _metrics = metrics;
        _logger = logger;
        _state = states.Create(grainContext, "index", StoredStateJsonContext.Default.StoredItemIndex);
        _items = new(_state, new(states.Storage, "dead-letter"), attachments: null, new() { ItemsPerInstance = _options.MaxDeadLetters, Retention = _options.DeadLetterRetention }, time, logger)
        {
            HidesReplayingItems = true,
        };
    }

    public IGrainContext GrainContext { get; }

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        this.RegisterGrainTimer(OnTimerAsync, new(TimerInterval, TimerInterval) { Interleave = true });
    }

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _metrics.ReportStoredItems(nameof(DeadLettersGrain), null);
        await _items.WaitUntilReplayedAsync().WaitAsync(cancellationToken);
        await _state.WaitUntilIdleAsync();
    }

    public Task KeepAliveAsync() => _state.ReloadAsync();

    public Task<int> CountAsync() => Task.FromResult(_items.Count);

    public async Task PutAsync(JsonPayload letter)
    {
        var entry = letter.ToModel<DeadLetterEntry>();
        var dropped = await _items.PutAsync(letter.Utf8Json, letter.Utf8Json.Length, entry.Event.Call.IdInstance, HashSubject(entry));
        if (dropped > 0)
        {
            _logger.DeadLettersDropped(dropped, _options.MaxDeadLetters, StoredItemLimits.MaxItems);
        }
    }

    public Task<StoredItem[]> ListAsync(int limit, long after) => _items.ListAsync(limit, after);

    public async Task<int> ReplayAsync(long[]? ids, JsonPayload action)
    {
        var requested = await _items.RequestReplayAsync(ids, action.ToModel<AdministrationLogEntry>());
        _ = ReplayDeadLettersAsync();
        return requested;
    }

    public Task<int> PurgeAsync(long[]? ids, JsonPayload action) => _items.PurgeAsync(ids, action.ToModel<AdministrationLogEntry>());

    public Task<ErasedItems> EraseAsync(long[] ids, JsonPayload report) => _items.EraseAsync(ids, report.ToModel<ErasureReport>());

    public Task<JsonPayload[]> ListLogAsync(int limit) => Task.FromResult<JsonPayload[]>([.. _items.GetLog(limit).Select(JsonPayload.FromModel)]);

    /// <summary>Shortens the subject to a hash, because the index is written as a whole.</summary>
    private static string HashSubject(DeadLetterEntry letter) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{letter.Event.Id}\n{letter.Handler}")).AsSpan(0, 12));

    private async Task OnTimerAsync()
    {
        if (await _items.DeleteExpiredAsync() is > 0 and var expired)
        {
            _logger.DeadLettersExpired(expired, _options.DeadLetterRetention.TotalDays);
        }

        _metrics.ReportStoredItems(nameof(DeadLettersGrain), _items.Count);
        await ReplayDeadLettersAsync();
    }

    private Task ReplayDeadLettersAsync() => _items.ReplayAsync(document =>
    {
        var letter = new JsonPayload { Utf8Json = document };
        return _grains.GetGrain<ICallGrain>(letter.ToModel<DeadLetterEntry>().Event.Call.ToString()).ReplayAsync(letter);
    });
}
