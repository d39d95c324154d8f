using System.Collections.Concurrent;
using System.Text;
using IncomingCalls.Testing.FaultInjection;
using IncomingCalls.Testing.Instances;
using IncomingCalls.Testing.Queue;

namespace IncomingCalls.Testing;

/// <summary>One account of the simulated gateway: its settings, its queue, its contacts, and the calls that ring it.</summary>
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
        TypeInstance = options.TypeInstance;
        Queue = new(_time, simulator.Retention, options.FirstReceiptId);
        Limits = new(_time, simulator);
        FaultInjector = new(simulator);
        StateMachine = new(_time, OnStateEntered);
        Settings.UrlChanged = Queue.NotifyChanged;
    }

    /// <summary>Its number.</summary>
    public long IdInstance { get; }

    /// <summary>The secret of its API; may be changed, as in the vendor's console.</summary>
    public string ApiTokenInstance { get; set; }

    /// <summary>Its account.</summary>
    public string Wid { get; }

    /// <summary>The messenger.</summary>
    public string TypeInstance { get; }

    /// <summary>
    /// Its state. Anything but <see cref="SimulatedState.Authorized"/> makes most methods answer 400. Set, it ends a restart and
    /// drops what <see cref="ChangeState"/> has announced.
    /// </summary>
    public SimulatedState State
    {
        get => StateMachine.Current;
        set => StateMachine.Enter(value);
    }

    /// <summary>What is odd about the notifications of the calls that are placed from now on.</summary>
    public CallQuirks CallQuirks { get; set; }

    /// <summary>What is odd about how notifications are handed out.</summary>
    public GatewayQuirks GatewayQuirks
    {
        get => FaultInjector.Quirks;
        set => FaultInjector.Quirks = value;
    }

    /// <summary>Whether the plan's quota is used up: getContactInfo is answered with 466. Documented.</summary>
    public bool IsQuotaExhausted { get; set; }

    /// <summary>Its settings. Set here, they count at once; by setSettings, after <see cref="GreenApiSimulatorOptions.RestartAfterSettings"/>.</summary>
    public SimulatedSettings Settings { get; } = new();

    /// <summary>Who is known to it, by chat id.</summary>
    public ConcurrentDictionary<string, SimulatedContact> Contacts { get; } = new();

    /// <summary>Everything that was ever sent, oldest first.</summary>
    public IReadOnlyList<SimulatedNotification> History => Queue.History;

    /// <summary>How many notifications wait.</summary>
    public int WaitingCount => Queue.Count;

    /// <summary>How often each method was called, by its documented name.</summary>
    public ConcurrentDictionary<string, int> Requests { get; } = new();

    internal NotificationQueue Queue { get; }

    /// <summary>Where to post; null while the instance is polled, or its URL is none.</summary>
    internal PushTarget? Target
    {
        get
        {
            var address = Settings.WebhookUrl;
            // The client of a host in memory serves until anybody, setSettings included, changes the address.
            return _inMemoryTarget is { } through && through.Url.AbsoluteUri == address ? through
                : Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? new(url, null)
                : null;
        }
    }

    /// <summary>Whether it was removed from the simulator.</summary>
    internal bool IsRemoved { get; private set; }

    internal RateLimits Limits { get; }

    internal GatewayFaultInjector FaultInjector { get; }

    internal InstanceStateMachine StateMachine { get; }

    /// <summary>Assumed: an instance that restarts hands nothing out, and what happens meanwhile is never told.</summary>
    internal bool IsStarting => State == SimulatedState.Starting;

    /// <summary>Documented: the switch incomingCallWebhook decides whether calls are told at all.</summary>
    internal bool SendsCallNotifications => Settings.IncomingCallWebhook && !IsStarting;

    /// <summary>Sends any body, well formed or not.</summary>
    /// <param name="json">The body.</param>
    /// <returns>Its entry in the history.</returns>
    public SimulatedNotification Enqueue(string json) => Enqueue(Encoding.UTF8.GetBytes(json));

    /// <summary>Sends any body, well formed or not.</summary>
    /// <param name="body">The body.</param>
    /// <returns>Its entry in the history.</returns>
    public SimulatedNotification Enqueue(ReadOnlyMemory<byte> body) => Queue.Enqueue(body);

    /// <summary>Sends an incoming text message, the foreign notification that hosts see most, if the settings ask for messages.</summary>
    /// <param name="from">The chat it comes from.</param>
    /// <param name="text">What it says.</param>
    /// <returns>Its entry in the history; null when the settings do not ask for it.</returns>
    public SimulatedNotification? SendMessage(string from, string text) =>
        Settings.IncomingWebhook && !IsStarting ? Enqueue(NotificationJson.CreateMessage(this, CreateIdMessage(), ToWireChatId(from, asLid: false)!, text, _time.GetUtcNow())) : null;

    /// <summary>Somebody dials. Nothing is sent until the call is told to ring or to end.</summary>
    /// <param name="from">Who; null for a notification without <c>from</c>.</param>
    /// <param name="configure">Sets what is unusual about it.</param>
    /// <returns>The call.</returns>
    public SimulatedCall PlaceCall(string? from = "70000000101@c.us", Action<SimulatedCallOptions>? configure = null)
    {
        var options = new SimulatedCallOptions();
        configure?.Invoke(options);
        return new(this, options.IdMessage ?? CreateIdMessage(), from, options, _time);
    }

    /// <summary>
    /// The linked id that the instance knows somebody by, and writes instead of the phone number while its settings ask for it.
    /// Documented; that names are blank then is reported, so <see cref="Contacts"/> of the phone number do not count for it.
    /// </summary>
    /// <param name="chatId">A WhatsApp chat id with a phone number.</param>
    /// <returns>The same id for the same person, such as <c>100000000000001@lid</c>.</returns>
    public string LidOf(string chatId) => _lids.GetOrAdd(chatId, _ => $"{100_000_000_000_000 + Interlocked.Increment(ref _lastLid)}@lid");

    /// <summary>Announces a state: the account is logged out in a minute, say, or an instance that is being made is ready in two.</summary>
    /// <param name="state">The state.</param>
    /// <param name="after">When it is entered, by the clock of the simulator; during a restart, when that is over.</param>
    public void ChangeState(SimulatedState state, TimeSpan after) => StateMachine.EnterAfter(state, after);

    /// <summary>
    /// Restarts, as setSettings does: the instance is <see cref="SimulatedState.Starting"/>, then what it was before. Documented.
    /// Assumed: meanwhile its queue waits, a long poll ends empty, and calls are not told, not even later.
    /// </summary>
    /// <param name="duration">How long it takes. Documented for setSettings: up to 5 minutes.</param>
    public void Restart(TimeSpan duration) => StateMachine.Restart(duration);

    /// <summary>Keeps back everything sent from now on, until <see cref="Release"/>.</summary>
    public void Hold() => Queue.Hold();

    /// <summary>Sends what was kept back.</summary>
    /// <param name="order">The order to send it in; null for that of its making. What it leaves out is lost.</param>
    public void Release(Func<IReadOnlyList<SimulatedNotification>, IEnumerable<SimulatedNotification>>? order = null) =>
        Queue.Release(order ?? (held => held));

    /// <summary>Switches between polling and webhook, as setSettings does.</summary>
    /// <param name="url">The address; null for polling.</param>
    /// <param name="token">The token for the Authorization header, sent as it is; null for none.</param>
    public void SetWebhook(Uri? url, string? token = null)
    {
        _inMemoryTarget = null;
        // The address last: with it, pushing begins.
        Settings.WebhookUrlToken = token ?? "";
        Settings.WebhookUrl = url?.AbsoluteUri ?? "";
    }

    /// <summary>
    /// Posts the notifications through a client instead of over the network: that of a WebApplicationFactory, whose server has
    /// no address.
    /// </summary>
    /// <param name="client">The client of the host under test.</param>
    /// <param name="path">Where the host maps its webhook.</param>
    /// <param name="token">The token for the Authorization header, sent as it is; null for none.</param>
    public void PushThrough(HttpClient client, string path = "/webhooks/green-api", string? token = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        var target = new PushTarget(new(client.BaseAddress ?? new("http://localhost"), path), client);
        _inMemoryTarget = target;
        Settings.WebhookUrlToken = token ?? "";
        Settings.WebhookUrl = target.Url.AbsoluteUri;
    }

    /// <summary>Waits until nothing is left in the queue: all deleted, or answered with 200.</summary>
    /// <param name="timeout">How long to wait, in real time; null for 30 seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When the queue is empty.</returns>
    /// <exception cref="TimeoutException">Something still waits; the message says what.</exception>
    public Task WaitUntilHandledAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueDrain.WaitAsync(() => [this], timeout, cancellationToken);

    /// <summary>The instance as the host's configuration would name it.</summary>
    /// <param name="apiUrl">The address of the simulator.</param>
    /// <param name="receive">How its notifications are to be received.</param>
    /// <returns>The instance.</returns>
    public CallInstance ToCallInstance(Uri apiUrl, ReceiveMode receive = ReceiveMode.Polling) =>
        new() { IdInstance = IdInstance, ApiTokenInstance = ApiTokenInstance, ApiUrl = apiUrl, Receive = receive };

    /// <summary>Ends what goes on in the instance, which is no longer one of the simulator.</summary>
    internal void OnRemoved()
    {
        IsRemoved = true;
        StateMachine.Dispose();
        Queue.Clear();
    }

    /// <summary>Somebody's chat id as the settings, or a quirk, want it written.</summary>
    internal string? ToWireChatId(string? chatId, bool asLid) =>
        (asLid || Settings.EnableLidMode) && chatId?.EndsWith("@c.us", StringComparison.Ordinal) == true ? LidOf(chatId) : chatId;

    /// <summary>Documented: a state that is entered is told as stateInstanceChanged, if the settings ask for it.</summary>
    private void OnStateEntered(SimulatedState state)
    {
        // Whoever waits for the queue has to look at the state again.
        Queue.NotifyChanged();
        if (Settings.StateWebhook && SimulatedStateText.ToWire(state) is { } name)
        {
            Enqueue(NotificationJson.CreateStateChanged(this, name, _time.GetUtcNow()));
        }
    }

    /// <summary>
    /// WhatsApp's ids are 32 upper-case hexadecimal digits, those of MAX and Telegram decimal numbers of up to 18 digits. Documented.
    /// Random, so that an inbox that outlives the simulator does not take the calls of the next run for repeats.
    /// </summary>
    private string CreateIdMessage() =>
        TypeInstance == "whatsapp" ? Convert.ToHexString(Guid.NewGuid().ToByteArray()) : $"{Interlocked.Increment(ref _lastDecimalId)}";
}

/// <summary>What getContactInfo knows of somebody.</summary>
public sealed class SimulatedContact
{
    /// <summary>The profile name.</summary>
    /// <value>Default: empty.</value>
    public string Name { get; init; } = "";

    /// <summary>The name in the phone book of the account.</summary>
    /// <value>Default: empty.</value>
    public string ContactName { get; init; } = "";

    /// <summary>The phone number that MAX and Telegram tell; 0 when hidden.</summary>
    /// <value>Default: 0.</value>
    public long PhoneNumber { get; init; }
}

/// <summary>Where the notifications of an instance are posted.</summary>
/// <param name="Url">The address.</param>
/// <param name="Client">The client of a host in memory; null to go over the network.</param>
internal sealed record PushTarget(Uri Url, HttpClient? Client);
