using System.Collections.Concurrent;

namespace IncomingCalls.Testing;

/// <summary>The faults that wait for requests, by method.</summary>
internal sealed class FaultQueue(IEnumerable<string> methods)
{
    private readonly Dictionary<string, ConcurrentQueue<Fault>> _byMethod =
        methods.ToDictionary(method => method, _ => new ConcurrentQueue<Fault>(), StringComparer.Ordinal);

    /// <summary>Lets a fault wait for a request.</summary>
    /// <param name="method">The name of the method.</param>
    /// <param name="fault">The fault.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public void Add(string method, Fault fault)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        if (!_byMethod.TryGetValue(SimulatedApi.ToDocumentedName(method), out var waiting))
        {
            // A misspelt name would make a test that tests nothing.
            throw new ArgumentException($"There is no method {method}; there are {string.Join(", ", _byMethod.Keys)}.", nameof(method));
        }

        waiting.Enqueue(fault);
    }

    /// <summary>The fault of a request; null for none.</summary>
    /// <param name="method">The documented name of the method.</param>
    public Fault? Dequeue(string method) => _byMethod[method].TryDequeue(out var fault) ? fault : null;
}
