using System.Collections.Concurrent;
using System.Text;
using IncomingCalls.Testing.FaultInjection;
using IncomingCalls.Testing.Instances;
using IncomingCalls.Testing.Queue;

namespace IncomingCalls.Testing;

/// <summary>One instance of the simulated gateway, with its settings, queue and contacts. Added by <see cref="GreenApiSimulator.AddInstance"/>.</summary>
public sealed class SimulatedInstance
{
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, string> _lids = new();
    private volatile PushTarget? _inMemoryTarget;
    private long _lastDecimalId = Random.Shared.NextInt64(100_000_000_000_000_000, 900_000_000_000_000_000);
    private int _lastLid;

    internal SimulatedInstance(long idInstance, SimulatedInstanceOptions options, GreenApiSimulatorOptions simulator)
    {
        _time = simulator.TimeProvider;
        IdInstance = idInstance;
        ApiTokenInstance = options.ApiTokenInstance ?? Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..18];
        Wid = options.Wid;
        // Not of the ids that the callers get, which tests write out.
        LinkedId = "199999999999999@lid";
        TypeInstance = options.TypeInstance;
        Queue = new(_time, simulator.Retention, options.FirstReceiptId);
        Limits = new(_time, simulator);
        Journal = new(_time);
        JournalDelay = simulator.JournalDelay;
        CheckWhatsappQuota = new(options.CheckWhatsappQuota, _time);
        FaultInjector = new(simulator);
        StateMachine = new(_time, OnStateEntered);
        Settings.UrlChanged = Queue.NotifyChanged;
    }

    /// <summary>The <c>idInstance</c>.</summary>
    public long IdInstance { get; }

    /// <summary>The <c>apiTokenInstance</c>. Can be changed, as in the vendor's console.</summary>
    public string ApiTokenInstance { get; set; }

    /// <summary>The chat id of the account.</summary>
    public string Wid { get; }

    /// <summary>The linked id of the account: <c>chatId</c> of getWaSettings. Documented.</summary>
    public string LinkedId
    {
        get => LidOf(Wid);
        set => _lids[Wid] = value;
    }

    /// <summary>The <c>typeInstance</c>, which is the messenger.</summary>
    public string TypeInstance { get; }

    /// <summary>
    /// The state. In any state except <see cref="SimulatedState.Authorized"/> most methods are answered with 400. Setting it ends a
    /// restart and cancels the scheduled changes of <see cref="ChangeState"/>.
    /// </summary>
    public SimulatedState State
    {
        get => StateMachine.Current;
        set => StateMachine.Enter(value);
    }

    /// <summary>The end of a restriction by the messenger, as in getWaSettings; null for none. Documented, without its relation to the state.</summary>
    public DateTimeOffset? SuspendedUntil { get; set; }

    /// <summary>Deviations of the notifications of calls that are placed from now on, and of their entries in the journals.</summary>
    public CallQuirks CallQuirks { get; set; }

    /// <summary>Faults of the methods, and of the delivery of notifications.</summary>
    public GatewayQuirks GatewayQuirks
    {
        get => FaultInjector.Quirks;
        set => FaultInjector.Quirks = value;
    }

    /// <summary>Whether the quota of the subscription is exhausted: getContactInfo and checkWhatsapp are answered with 466. Documented.</summary>
    public bool IsQuotaExhausted { get; set; }

    /// <summary>The settings. A change made here takes effect at once; a change by setSettings after <see cref="GreenApiSimulatorOptions.RestartAfterSettings"/>.</summary>
    public SimulatedSettings Settings { get; } = new();

    /// <summary>The contacts that getContactInfo and checkWhatsapp return, by chat id.</summary>
    public ConcurrentDictionary<string, SimulatedContact> Contacts { get; } = new();

    /// <summary>All notifications that were enqueued, oldest first, including acknowledged and expired ones.</summary>
    public IReadOnlyList<SimulatedNotification> History => Queue.History;

    /// <summary>The number of notifications in the queue.</summary>
    public int WaitingCount => Queue.Count;

    /// <summary>The number of requests of each method, by its documented name.</summary>
    public ConcurrentDictionary<string, int> Requests { get; } = new();

    internal NotificationQueue Queue { get; }

    /// <summary>The target of webhook requests; null while the instance is polled, or while its webhook URL is invalid.</summary>
    internal PushTarget? Target
    {
        get
        {
            var address = Settings.WebhookUrl;
            // An in-memory target is used until the URL is changed, by setSettings as well.
            return _inMemoryTarget is { } inMemory && inMemory.Url.AbsoluteUri == address ? inMemory
                : Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? new(url, null)
                : null;
        }
    }

    /// <summary>Whether the instance was removed from the simulator.</summary>
    internal bool IsRemoved { get; private set; }

    internal RateLimits Limits { get; }

    internal CallJournal Journal { get; }

    internal TimeSpan JournalDelay { get; }

    internal MonthlyQuota CheckWhatsappQuota { get; }

    internal GatewayFaultInjector FaultInjector { get; }

    internal InstanceStateMachine StateMachine { get; }

    /// <summary>Assumed: an instance that restarts delivers no notifications, and what happens during the restart is never reported.</summary>
    internal bool IsStarting => State == SimulatedState.Starting;

    /// <summary>Assumed: an account that is logged out or blocked receives and places no calls; one that is suspended still does.</summary>
    internal bool IsConnected => State is SimulatedState.Authorized or SimulatedState.YellowCard or SimulatedState.Suspended or SimulatedState.SleepMode;

    /// <summary>Documented: the setting incomingCallWebhook decides whether incoming calls are reported.</summary>
    internal bool SendsCallNotifications => Settings.IncomingCallWebhook && IsConnected;

    /// <summary>Documented: the setting outgoingCallWebhook decides whether outgoing calls are reported.</summary>
    internal bool SendsOutgoingCallNotifications => Settings.OutgoingCallWebhook && IsConnected;

    /// <summary>Enqueues a notification with any body, well-formed or not.</summary>
    /// <param name="json">The body; encoded as UTF-8.</param>
    /// <returns>The entry in the history.</returns>
    public SimulatedNotification Enqueue(string json) => Enqueue(Encoding.UTF8.GetBytes(json));

    /// <summary>Enqueues a notification with any body, well-formed or not.</summary>
    /// <param name="body">The bytes of the body.</param>
    /// <returns>The entry in the history.</returns>
    public SimulatedNotification Enqueue(ReadOnlyMemory<byte> body) => Queue.Enqueue(body);

    /// <summary>Enqueues the notification of an incoming text message, the most frequent other notification, if the setting <c>incomingWebhook</c> is on.</summary>
    /// <param name="from">The chat id of the sender.</param>
    /// <param name="text">The text of the message.</param>
    /// <returns>The entry in the history; null when messages are not reported.</returns>
    public SimulatedNotification? SendMessage(string from, string text) =>
        Settings.IncomingWebhook && !IsStarting ? Enqueue(NotificationJson.CreateMessage(this, CreateIdMessage(), ToWireChatId(from, asLid: false)!, text, _time.GetUtcNow())) : null;

    /// <summary>Creates a call. No notification is sent until a method of the call is called.</summary>
    /// <param name="from">The chat id of the caller; null for notifications without <c>from</c>.</param>
    /// <param name="configure">Configures the options of the call.</param>
    /// <returns>The call.</returns>
    public SimulatedCall PlaceCall(string? from = "70000000101@c.us", Action<SimulatedCallOptions>? configure = null)
    {
        var options = new SimulatedCallOptions();
        configure?.Invoke(options);
        return new(this, options.IdMessage ?? CreateIdMessage(), from, options, _time);
    }

    /// <summary>Creates a call of the account of the instance to another account. Nothing is sent until a method of the call ends it.</summary>
    /// <param name="to">The chat id of the called account or group.</param>
    /// <param name="configure">Configures the options of the call.</param>
    /// <returns>The call.</returns>
    public SimulatedOutgoingCall PlaceOutgoingCall(string to = "70000000102@c.us", Action<SimulatedCallOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        var options = new SimulatedCallOptions();
        configure?.Invoke(options);
        return new(this, options.IdMessage ?? CreateIdMessage(), to, options, _time);
    }

    /// <summary>
    /// Gets the linked id that replaces a phone number while <see cref="SimulatedSettings.EnableLidMode"/> is on. Documented. Reported:
    /// the names of linked ids are empty, so <see cref="Contacts"/> of the phone number do not apply to its linked id.
    /// </summary>
    /// <param name="chatId">A WhatsApp chat id with a phone number.</param>
    /// <returns>The linked id, such as <c>100000000000001@lid</c>; always the same for the same chat id.</returns>
    public string LidOf(string chatId) => _lids.GetOrAdd(chatId, _ => $"{100_000_000_000_000 + Interlocked.Increment(ref _lastLid)}@lid");

    /// <summary>Schedules a change of the state, for example a logout after one minute, or the end of the creation after two.</summary>
    /// <param name="state">The state.</param>
    /// <param name="after">The delay, by the clock of the simulator. A change that is due during a restart takes effect after the restart.</param>
    public void ChangeState(SimulatedState state, TimeSpan after) => StateMachine.EnterAfter(state, after);

    /// <summary>
    /// Restarts the instance, as setSettings does: its state is <see cref="SimulatedState.Starting"/>, then the previous state.
    /// Documented. Assumed: during the restart the queue is not delivered, a long poll ends empty, and calls are not reported, not even
    /// afterwards.
    /// </summary>
    /// <param name="duration">The duration of the restart. Documented for setSettings: up to 5 minutes.</param>
    public void Restart(TimeSpan duration) => StateMachine.Restart(duration);

    /// <summary>Holds back all notifications that are enqueued from now on, until <see cref="Release"/> is called.</summary>
    public void Hold() => Queue.Hold();

    /// <summary>Enqueues the notifications that <see cref="Hold"/> held back.</summary>
    /// <param name="order">Orders the notifications; null for their original order. Notifications that it does not return are lost.</param>
    public void Release(Func<IReadOnlyList<SimulatedNotification>, IEnumerable<SimulatedNotification>>? order = null) =>
        Queue.Release(order ?? (held => held));

    /// <summary>Switches between polling and webhook, as setSettings does.</summary>
    /// <param name="url">The webhook URL; null for polling.</param>
    /// <param name="token">The value of the Authorization header, sent unchanged; null for no header.</param>
    public void SetWebhook(Uri? url, string? token = null)
    {
        _inMemoryTarget = null;
        // The URL last, because pushing starts with it.
        Settings.WebhookUrlToken = token ?? "";
        Settings.WebhookUrl = url?.AbsoluteUri ?? "";
    }

    /// <summary>
    /// Posts the notifications through a client instead of over the network, for example the client of a WebApplicationFactory, whose
    /// server has no network address.
    /// </summary>
    /// <param name="client">The client of the host under test.</param>
    /// <param name="path">The path of the webhook in the host.</param>
    /// <param name="token">The value of the Authorization header, sent unchanged; null for no header.</param>
    public void PushThrough(HttpClient client, string path = "/webhooks/green-api", string? token = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        var target = new PushTarget(new(client.BaseAddress ?? new("http://localhost"), path), client);
        _inMemoryTarget = target;
        Settings.WebhookUrlToken = token ?? "";
        Settings.WebhookUrl = target.Url.AbsoluteUri;
    }

    /// <summary>Waits until the queue is empty: each notification was deleted by polling, or answered with 200 by the webhook.</summary>
    /// <param name="timeout">The maximum time to wait, in real time; null for 30 seconds.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when the queue is empty.</returns>
    /// <exception cref="TimeoutException">The queue is not empty; the message lists what waits.</exception>
    public Task WaitUntilAcknowledgedAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueDrain.WaitAsync(() => [this], timeout, cancellationToken);

    /// <summary>Creates the configuration of this instance for the host under test.</summary>
    /// <param name="apiUrl">The base address of the simulator, <see cref="GreenApiSimulator.ApiUrl"/>.</param>
    /// <param name="receive">How the host receives the notifications.</param>
    /// <returns>The configured instance.</returns>
    public CallInstance ToCallInstance(Uri apiUrl, ReceiveMode receive = ReceiveMode.Polling) =>
        new() { IdInstance = IdInstance, ApiTokenInstance = ApiTokenInstance, ApiUrl = apiUrl, Receive = receive };

    /// <summary>Cancels scheduled state changes and drops the queue after the instance was removed from the simulator.</summary>
    internal void OnRemoved()
    {
        IsRemoved = true;
        StateMachine.Dispose();
        Queue.Clear();
    }

    /// <summary>Finds the chat id with the phone number of a linked id of <see cref="LidOf"/>; null when there is none.</summary>
    internal string? FindPhoneNumber(string linkedId) => _lids.FirstOrDefault(pair => pair.Value == linkedId).Key;

    /// <summary>Documented: the settings decide whether the journal contains the calls of a direction.</summary>
    internal bool IsJournalOn(CallDirection direction) =>
        direction == CallDirection.Outgoing ? Settings.OutgoingCallWebhook : Settings is { IncomingWebhook: true, IncomingCallWebhook: true };

    /// <summary>Replaces a phone number by the linked id when the settings or a quirk require it.</summary>
    internal string? ToWireChatId(string? chatId, bool asLid) =>
        (asLid || Settings.EnableLidMode) && chatId?.EndsWith("@c.us", StringComparison.Ordinal) == true ? LidOf(chatId) : chatId;

    /// <summary>
    /// Ids of WhatsApp are 32 upper-case hexadecimal digits, those of MAX and Telegram decimal numbers of up to 18 digits. Documented.
    /// They are random so that a durable inbox does not take the calls of a later run for duplicates.
    /// </summary>
    internal string CreateIdMessage() =>
        TypeInstance == "whatsapp" ? Convert.ToHexString(Guid.NewGuid().ToByteArray()) : $"{Interlocked.Increment(ref _lastDecimalId)}";

    /// <summary>Documented: a new state is reported as stateInstanceChanged if the setting stateWebhook is on.</summary>
    private void OnStateEntered(SimulatedState state)
    {
        // Long polls and the pusher must check the state again.
        Queue.NotifyChanged();
        if (Settings.StateWebhook && SimulatedStateText.ToWire(state) is { } name)
        {
            Enqueue(NotificationJson.CreateStateChanged(this, name, _time.GetUtcNow()));
        }
    }
}

/// <summary>The data of a contact that getContactInfo and checkWhatsapp return.</summary>
public sealed class SimulatedContact
{
    /// <summary>The profile name.</summary>
    /// <value>Default: empty.</value>
    public string Name { get; init; } = "";

    /// <summary>The name in the phone book of the account.</summary>
    /// <value>Default: empty.</value>
    public string ContactName { get; init; } = "";

    /// <summary>The phone number, which only MAX and Telegram return; 0 when it is hidden.</summary>
    /// <value>Default: 0.</value>
    public long PhoneNumber { get; init; }

    /// <summary>Whether the phone number has an account: <c>existsWhatsapp</c> of checkWhatsapp. A number without a contact has one.</summary>
    /// <value>Default: true.</value>
    public bool HasAccount { get; init; } = true;

    /// <summary>Whether checkWhatsapp returns no phone number for the linked id. Documented for owners who hide their number.</summary>
    /// <value>Default: false.</value>
    public bool IsPhoneNumberHidden { get; init; }

    /// <summary>The public user name that checkWhatsapp returns. Reported.</summary>
    /// <value>Default: empty.</value>
    public string Username { get; init; } = "";
}

/// <summary>The target of webhook requests.</summary>
/// <param name="Url">The webhook URL.</param>
/// <param name="Client">The client of an in-memory host; null to use the network.</param>
internal sealed record PushTarget(Uri Url, HttpClient? Client);
