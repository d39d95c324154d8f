using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>One case of the conformance suite of inboxes.</summary>
[Experimental("ICEXP001")]
public sealed class InboxConformanceCase
{
    private readonly Func<ConformanceHost, Task> _run;

    internal InboxConformanceCase(string name, Func<ConformanceHost, Task> run, bool isForDurable = false) =>
        (Name, _run, IsForDurable) = (name, run, isForDurable);

    /// <summary>The name of the case, in the form <c>Action_Condition_Expectation</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the case requires an inbox that survives a restart.</summary>
    public bool IsForDurable { get; }

    /// <summary>Runs the case. It takes a few seconds at most, in real time, unless it fails.</summary>
    /// <param name="inbox">The inbox, with an empty store. It is disposed when the case ends.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when the case has passed.</returns>
    /// <exception cref="InboxConformanceException">The inbox does not conform.</exception>
    public async Task RunAsync(InboxUnderTest inbox, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inbox);
        await using (inbox.ConfigureAwait(false))
        {
            var host = new ConformanceHost(inbox);
            await using (host.ConfigureAwait(false))
            {
                await _run(host).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns the name of the case.</summary>
    /// <returns>The value of <see cref="Name"/>.</returns>
    public override string ToString() => Name;
}

/// <summary>An inbox that the cases of <see cref="InboxConformance"/> test. Derive one class from it for each inbox implementation.</summary>
[Experimental("ICEXP001")]
public abstract class InboxUnderTest : IAsyncDisposable
{
    /// <summary>Registers the inbox in a host. A case may stop its host and start another one with the same store.</summary>
    /// <param name="builder">The builder of the host.</param>
    public abstract void Register(IIncomingCallsBuilder builder);

    /// <summary>Deletes the store.</summary>
    /// <returns>A task that completes when the store is deleted.</returns>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Thrown when an inbox does not conform to a case of <see cref="InboxConformance"/>.</summary>
[Experimental("ICEXP001")]
public class InboxConformanceException : Exception
{
    /// <summary>Initializes a new instance with a message.</summary>
    /// <param name="message">The expected and the actual behavior.</param>
    public InboxConformanceException(string message)
        : base(message)
    {
    }
}
