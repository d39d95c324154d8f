using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>The journals of one instance, and what was found out about them. Thread-safe.</summary>
internal sealed class InstanceJournals : IDisposable
{
    /// <summary>How long an instance is not asked again whose plan has no journals, or whose token is wrong.</summary>
    private static readonly TimeSpan UnavailableFor = TimeSpan.FromHours(6);

    private readonly CallInstance _instance;
    private readonly IHandlerValueStore _values;
    private readonly TimeProvider _time;
    private readonly HandlerAttempt _owner = HandlerAttempt.WithoutDelivery("IncomingCalls.GreenApi");
    private readonly SemaphoreSlim _loading = new(1);
    private bool _isLoaded;
    private long _unavailableUntilTicks;

    /// <param name="instance">The instance, whose token is valid.</param>
    /// <param name="client">The client.</param>
    /// <param name="requests">Limits the requests of all instances.</param>
    /// <param name="values">Stores that the journals of an instance are not available.</param>
    /// <param name="time">The clock.</param>
    public InstanceJournals(CallInstance instance, GreenApiClient client, SemaphoreSlim requests, IHandlerValueStore values, TimeProvider time)
    {
        (_instance, _values, _time) = (instance, values, time);
        Incoming = new((age, token) => SendAsync(() => client.GetLastIncomingCallsAsync(instance, age, token), requests, token), time);
        Outgoing = new((age, token) => SendAsync(() => client.GetLastOutgoingCallsAsync(instance, age, token), requests, token), time);
    }

    /// <summary>The journal of incoming calls.</summary>
    public CallJournal Incoming { get; }

    /// <summary>The journal of outgoing calls.</summary>
    public CallJournal Outgoing { get; }

    /// <summary>Whether a call was found by the id of its notifications, so that entries with other ids are other calls.</summary>
    public bool HasEqualIds { get; private set; }

    /// <summary>Whether the journals are available, as far as is known.</summary>
    public bool IsAvailable => _time.GetUtcNow().UtcTicks >= Interlocked.Read(ref _unavailableUntilTicks);

    private HandlerKey Key => HandlerKey.Named(string.Create(CultureInfo.InvariantCulture, $"journal/{_instance.IdInstance}"));

    /// <summary>Tells another instance from this one: its token and its address. It is stored, so it is a hash that is too short to find a token with.</summary>
    private string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{_instance.ApiUrl}|{_instance.ApiTokenInstance}")).AsSpan(0, 4));

    /// <summary>Whether the journals are those of an instance, whose token or address may have changed.</summary>
    public bool IsFor(CallInstance instance) => _instance.ApiUrl == instance.ApiUrl && _instance.ApiTokenInstance == instance.ApiTokenInstance;

    /// <summary>Records that a call was found by the id of its notifications.</summary>
    public void RecordEqualId() => HasEqualIds = true;

    /// <summary>Loads what was found out before a restart, once.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_isLoaded)
            {
                var stored = await _values.GetAsync(_owner, Key, cancellationToken).ConfigureAwait(false);
                if (stored?.Split('|') is [var fingerprint, var until] && fingerprint == Fingerprint
                    && DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var unavailableUntil))
                {
                    Interlocked.Exchange(ref _unavailableUntilTicks, unavailableUntil.UtcTicks);
                }

                _isLoaded = true;
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Records that the journals are not available.</summary>
    /// <returns>A task whose result is when they are asked again, in UTC.</returns>
    public async Task<DateTimeOffset> RecordUnavailableAsync(CancellationToken cancellationToken)
    {
        var until = _time.GetUtcNow() + UnavailableFor;
        Interlocked.Exchange(ref _unavailableUntilTicks, until.UtcTicks);
        await _values.SaveAsync(_owner, Key, $"{Fingerprint}|{until.ToString("O", CultureInfo.InvariantCulture)}", until, cancellationToken).ConfigureAwait(false);
        return until;
    }

    public void Dispose()
    {
        Incoming.Dispose();
        Outgoing.Dispose();
        _loading.Dispose();
    }

    private static async Task<GreenApiResult<IReadOnlyList<GreenApiJournalCall>>> SendAsync(
        Func<Task<GreenApiResult<IReadOnlyList<GreenApiJournalCall>>>> send, SemaphoreSlim requests, CancellationToken cancellationToken)
    {
        await requests.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await send().ConfigureAwait(false);
        }
        finally
        {
            requests.Release();
        }
    }
}
