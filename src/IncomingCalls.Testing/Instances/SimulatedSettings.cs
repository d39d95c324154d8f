namespace IncomingCalls.Testing;

/// <summary>The settings of an instance that concern calls, as getSettings and setSettings carry them. Documented.</summary>
public sealed class SimulatedSettings
{
    /// <summary>The address to post notifications to; empty for polling.</summary>
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

    /// <summary>What goes into the Authorization header; empty for no header.</summary>
    /// <value>Default: empty.</value>
    public string WebhookUrlToken { get; set; } = "";

    /// <summary><c>incomingWebhook</c>: whether incoming messages are told.</summary>
    /// <value>Default: true. (On a new instance of the vendor everything is off.)</value>
    public bool IncomingWebhook { get; set; } = true;

    /// <summary><c>incomingCallWebhook</c>: whether incoming calls are told; off, scripted calls send nothing.</summary>
    /// <value>Default: true.</value>
    public bool IncomingCallWebhook { get; set; } = true;

    /// <summary><c>outgoingCallWebhook</c>: whether outgoing calls are told. The simulator places none.</summary>
    /// <value>Default: false.</value>
    public bool OutgoingCallWebhook { get; set; }

    /// <summary><c>stateWebhook</c>: whether changes of the state are told, as <c>stateInstanceChanged</c>.</summary>
    /// <value>Default: false.</value>
    public bool StateWebhook { get; set; }

    /// <summary><c>enableLidMode</c>: whether callers are named by linked id, without a phone number. Documented as beta.</summary>
    /// <value>Default: false.</value>
    public bool EnableLidMode { get; set; }

    /// <summary>Wakes whoever waits for the address; the token is to be set before it.</summary>
    internal Action? UrlChanged { get; set; }
}
