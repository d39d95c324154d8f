using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>An inbox that is to keep the promises of <see cref="InboxConformance"/>: what a new inbox writes one class for.</summary>
[Experimental("ICEXP001")]
public abstract class InboxUnderTest : IAsyncDisposable
{
    /// <summary>Registers the inbox on a host. A case may stop its host and start another on the same store.</summary>
    /// <param name="builder">The builder of the host.</param>
    public abstract void Register(IIncomingCallsBuilder builder);

    /// <summary>Removes the store.</summary>
    /// <returns>When it is gone.</returns>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
