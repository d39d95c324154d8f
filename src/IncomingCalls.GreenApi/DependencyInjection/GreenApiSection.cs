namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Remembers that a section is bound.</summary>
internal sealed record GreenApiSection(string Path);
