namespace IncomingCalls;

/// <summary>A resolver that the log calls by another name than that of its class.</summary>
internal interface INamedCallerNameResolver
{
    string Name { get; }
}
