namespace IncomingCalls.Testing;

/// <summary>The settings of an instance that concern calls, as in getSettings and setSettings. Documented.</summary>
public sealed class SimulatedSettings
{
    /// <summary><c>webhookUrl</c>: the address that notifications are posted to; empty for polling.</summary>
    /// <value>Default: empty.</value>
    public string WebhookUrl
    {
        get;
        set
        {
            field = value;
            UrlChanged?.Invoke();
        }
    } = "";

    /// <summary><c>webhookUrlToken</c>: the token for the Authorization header of these requests; empty for no header.</summary>
    /// <value>Default: empty.</value>
    public string WebhookUrlToken { get; set; } = "";

    /// <summary><c>incomingWebhook</c>: whether incoming messages are reported. The journal of incoming calls is empty without it.</summary>
    /// <value>Default: true. On a new instance of the vendor all notifications are off.</value>
    public bool IncomingWebhook { get; set; } = true;

    /// <summary><c>incomingCallWebhook</c>: whether incoming calls are reported. When false, simulated calls send no notifications, and the journal does not contain them.</summary>
    /// <value>Default: true.</value>
    public bool IncomingCallWebhook { get; set; } = true;

    /// <summary><c>outgoingCallWebhook</c>: whether outgoing calls are reported, and whether the journal contains them.</summary>
    /// <value>Default: false.</value>
    public bool OutgoingCallWebhook { get; set; }

    /// <summary><c>stateWebhook</c>: whether changes of the state are reported as <c>stateInstanceChanged</c>.</summary>
    /// <value>Default: false.</value>
    public bool StateWebhook { get; set; }

    /// <summary><c>enableLidMode</c>: whether callers are identified by a linked id without a phone number. Documented as beta.</summary>
    /// <value>Default: false.</value>
    public bool EnableLidMode { get; set; }

    /// <summary>Invoked when <see cref="WebhookUrl"/> was set. Set the token first, because pushing starts with the URL.</summary>
    internal Action? UrlChanged { get; set; }
}
