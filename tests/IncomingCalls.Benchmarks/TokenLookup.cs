using BenchmarkDotNet.Attributes;
using IncomingCalls.AspNetCore.Tokens;
using IncomingCalls.LoadTests;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Benchmarks;

/// <summary>The authorization of a request: the lookup of its header among the configured tokens.</summary>
[MemoryDiagnoser]
public class TokenLookup
{
    private static readonly StringValues Valid = $"Bearer {LoadServer.Token}";
    private static readonly StringValues OtherValid = $"Bearer {LoadServer.Token[1..]}";
    private static readonly StringValues Invalid = "Bearer unknown";

    private readonly WebhookTokenIndex _tokens = new([LoadServer.Token, LoadServer.Token[1..]], []);
    private bool _useFirst;

    [Benchmark(Baseline = true)]
    public object? SameHeader() => _tokens.Find(Valid);

    [Benchmark]
    public object? AlternatingHeaders() => _tokens.Find((_useFirst = !_useFirst) ? Valid : OtherValid);

    [Benchmark]
    public object? UnknownHeader() => _tokens.Find(Invalid);
}
