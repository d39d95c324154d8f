using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>The journals of one instance, and what was found out about them. Thread-safe.</summary>
internal sealed class InstanceJournals : IDisposable
{
    /// <summary>How long an instance is not asked again whose plan has no journals, or whose token is wrong.</summary>
    private static readonly TimeSpan UnavailableFor = TimeSpan.FromHours(6);

    private readonly CallInstance _instance;
    private readonly Lazy<IHandlerValueStore> _values;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CallJournal _incoming;
    private readonly CallJournal _outgoing;
    private readonly HandlerAttempt _owner = HandlerAttempt.WithoutDelivery("IncomingCalls.GreenApi");
    private readonly SemaphoreSlim _loading = new(1);
    private bool _isLoaded;

    /// <summary>Whether the last answer contained the calls.</summary>
    private volatile bool _isTrusted;
    private long _unavailableUntilTicks;

    /// <param name="instance">The instance, whose token is valid.</param>
    /// <param name="client">The client.</param>
    /// <param name="requests">Limits the requests of all instances.</param>
    /// <param name="values">Stores that the journals of an instance are not available.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The logger.</param>
    public InstanceJournals(CallInstance instance, GreenApiClient client, SemaphoreSlim requests, Lazy<IHandlerValueStore> values, TimeProvider time, ILogger logger)
    {
        (_instance, _values, _time, _logger) = (instance, values, time, logger);
        _incoming = new((age, token) => SendAsync(() => client.GetLastIncomingCallsAsync(instance, age, token), requests, token), time);
        _outgoing = new((age, token) => SendAsync(() => client.GetLastOutgoingCallsAsync(instance, age, token), requests, token), time);
    }

    /// <summary>Whether a call was found by the id of its notifications, so that entries with other ids are other calls.</summary>
    public bool HasEqualIds { get; private set; }

    /// <summary>Whether the journals are available, as far as is known.</summary>
    public bool IsAvailable => _time.GetUtcNow().UtcTicks >= Interlocked.Read(ref _unavailableUntilTicks);

    private HandlerKey Key => HandlerKey.Named(string.Create(CultureInfo.InvariantCulture, $"journal/{_instance.IdInstance}"));

    /// <summary>Identifies the token and the address with which the journals were found to be unavailable. It is stored, and therefore a hash that is too short to find the token.</summary>
    private string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{_instance.ApiUrl}|{_instance.ApiTokenInstance}")).AsSpan(0, 4));

    /// <summary>Whether the journals are those of an instance, whose token or address may have changed.</summary>
    public bool IsFor(CallInstance instance) => _instance.ApiUrl == instance.ApiUrl && _instance.ApiTokenInstance == instance.ApiTokenInstance;

    /// <summary>Records that a call was found by the id of its notifications.</summary>
    public void RecordEqualId() => HasEqualIds = true;

    /// <summary>Reads the calls that have ended since a time.</summary>
    /// <param name="since">The time, in UTC: at most three days ago.</param>
    /// <param name="withOutgoing">Whether outgoing calls are read, too.</param>
    /// <param name="cancellationToken">The token that cancels the requests.</param>
    public async Task<JournalReading> ReadAsync(DateTimeOffset since, bool withOutgoing, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        if (!IsAvailable)
        {
            return new() { IsUnavailable = true };
        }

        var incoming = await _incoming.ReadAsync(since, cancellationToken).ConfigureAwait(false);
        var outgoing = incoming.Calls is null || !withOutgoing ? new() { Calls = [] } : await _outgoing.ReadAsync(since, cancellationToken).ConfigureAwait(false);
        if ((incoming.Calls, outgoing.Calls) is ({ } incomingCalls, { } outgoingCalls))
        {
            _isTrusted = true;
            return new() { Calls = new() { Incoming = incomingCalls, Outgoing = outgoingCalls } };
        }

        if ((incoming.AskAgainAt ?? outgoing.AskAgainAt) is { } askAgainAt)
        {
            return new() { AskAgainAt = askAgainAt };
        }

        var failed = incoming.Failure is null ? outgoing : incoming;
        // One odd answer after a good one is transient.
        var isUnavailable = IsRefusal(failed.Failure!.Value) && !_isTrusted;
        _isTrusted = false;
        if (isUnavailable)
        {
            _logger.CallJournalUnavailable(_instance.IdInstance, await RecordUnavailableAsync(cancellationToken).ConfigureAwait(false), failed.FailureText!);
        }

        return new() { IsUnavailable = isUnavailable };
    }

    /// <summary>Loads what was found out before a restart, once.</summary>
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_isLoaded)
            {
                var stored = await _values.Value.GetAsync(_owner, Key, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Records that the journals are not available; returns when they are asked again.</summary>
    private async Task<DateTimeOffset> RecordUnavailableAsync(CancellationToken cancellationToken)
    {
        var until = _time.GetUtcNow() + UnavailableFor;
        Interlocked.Exchange(ref _unavailableUntilTicks, until.UtcTicks);
        await _values.Value.SaveAsync(_owner, Key, $"{Fingerprint}|{until.ToString("O", CultureInfo.InvariantCulture)}", until, cancellationToken).ConfigureAwait(false);
        return until;
    }

    public void Dispose()
    {
        _incoming.Dispose();
        _outgoing.Dispose();
        _loading.Dispose();
    }

    /// <summary>Whether the request is refused for as long as the plan, the token or the settings are as they are.</summary>
    private static bool IsRefusal(GreenApiStatus status) =>
        status is GreenApiStatus.BadRequest or GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound or GreenApiStatus.QuotaExceeded;

    private static async Task<GreenApiResult<IReadOnlyList<GreenApiJournalCall>>> SendAsync(
        Func<Task<GreenApiResult<IReadOnlyList<GreenApiJournalCall>>>> send, SemaphoreSlim requests, CancellationToken cancellationToken)
    {
        await requests.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Thrown by a handler that the host has added to the client; its text may contain the address with the token.
            return new() { Status = GreenApiStatus.Unexpected, TransportProblem = e.GetType().Name };
        }
        finally
        {
            requests.Release();
        }
    }
}

/// <summary>The result of reading the journals of an instance: the calls, or why there are none.</summary>
internal sealed class JournalReading
{
    /// <summary>The calls; null when the journals were not read.</summary>
    public JournalCalls? Calls { get; init; }

    /// <summary>When the journals may be requested again, in UTC; null when they were requested.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }

    /// <summary>Whether the journals are not available, and are not asked for hours.</summary>
    public bool IsUnavailable { get; init; }
}

/// <summary>The calls in the journals of an instance.</summary>
internal sealed class JournalCalls
{
    /// <summary>The incoming calls.</summary>
    public required IReadOnlyList<GreenApiJournalCall> Incoming { get; init; }

    /// <summary>The outgoing calls; empty when they were not read.</summary>
    public required IReadOnlyList<GreenApiJournalCall> Outgoing { get; init; }
}
