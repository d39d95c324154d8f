namespace IncomingCalls.Testing;

/// <summary>How a simulated instance is made.</summary>
public sealed class SimulatedInstanceOptions
{
    /// <summary>Its number.</summary>
    /// <value>Default: null, the next free one from 1101000001.</value>
    public long? IdInstance { get; set; }

    /// <summary>The secret of its API.</summary>
    /// <value>Default: null, a random one.</value>
    public string? ApiTokenInstance { get; set; }

    /// <summary>Its account.</summary>
    /// <value>Default: <c>70000000001@c.us</c>.</value>
    public string Wid { get; set; } = "70000000001@c.us";

    /// <summary>The messenger: <c>whatsapp</c>, <c>v3</c> or <c>telegram</c>.</summary>
    /// <value>Default: <c>whatsapp</c>.</value>
    public string TypeInstance { get; set; } = "whatsapp";

    /// <summary>The first receipt id; more than 32 bits were not documented but are legal integers.</summary>
    /// <value>Default: 1.</value>
    public long FirstReceiptId { get; set; } = 1;
}
