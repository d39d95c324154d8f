using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>One promise of an inbox, as something that can be run.</summary>
[Experimental("ICEXP001")]
public sealed class InboxConformanceCase
{
    private readonly Func<ConformanceHost, Task> _run;

    internal InboxConformanceCase(string name, Func<ConformanceHost, Task> run, bool isForDurable = false) =>
        (Name, _run, IsForDurable) = (name, run, isForDurable);

    /// <summary>The promise, as <c>WhatIsDone_Condition_Expectation</c>.</summary>
    public string Name { get; }

    /// <summary>Whether only an inbox that survives a restart can keep it.</summary>
    public bool IsForDurable { get; }

    /// <summary>Runs the case. It takes a few seconds at most, in real time.</summary>
    /// <param name="inbox">The inbox, with an empty store; disposed at the end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When the promise was kept.</returns>
    /// <exception cref="InboxConformanceException">It was not.</exception>
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

    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}

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

/// <summary>An inbox broke a promise.</summary>
[Experimental("ICEXP001")]
public class InboxConformanceException : Exception
{
    /// <summary>Says which.</summary>
    /// <param name="message">What was expected, and what happened.</param>
    public InboxConformanceException(string message)
        : base(message)
    {
    }
}
