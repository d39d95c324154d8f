namespace IncomingCalls.Fakes.Crm;

/// <summary>The options of a <see cref="CrmServer"/>.</summary>
public sealed class CrmServerOptions
{
    /// <summary>The clock of tokens, limits, idempotency, delays and recorded times. The default is the clock of the system.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The port on 127.0.0.1. The default, 0, is any free port.</summary>
    public int Port { get; set; }

    /// <summary>The id of the one application that is registered with the CRM and is installed in every portal.</summary>
    public string ClientId { get; set; } = "calls-application";

    /// <summary>The secret of the application, which only the token endpoint accepts.</summary>
    public string ClientSecret { get; set; } = "calls-application-secret";
}
