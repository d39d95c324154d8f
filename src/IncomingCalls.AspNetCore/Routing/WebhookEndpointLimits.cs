using Microsoft.AspNetCore.Http.Metadata;

namespace IncomingCalls;

/// <summary>What the host's pipeline is told about the endpoint, besides what ASP.NET Core has extension methods for.</summary>
internal sealed class WebhookEndpointLimits : IRequestSizeLimitMetadata, ISkipStatusCodePagesMetadata
{
    /// <summary>The server lets through whatever our own limit may be; that one is checked at each request and may change.</summary>
    public long? MaxRequestBodySize => IncomingCallsWebhookOptions.MaxBodyBytesUpperBound;
}
