namespace IncomingCalls.Conventions.Tests;

/// <summary>A top-level type, with the project and the folder of its file: usually those of the assembly.</summary>
/// <param name="Name">The name without generic parameters.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="IsPublic">Whether users of the package see it.</param>
/// <param name="Project">The project whose folder holds the file.</param>
/// <param name="Folder">The folder of the file below that of the project.</param>
/// <param name="File">The file, from the folder of all projects.</param>
internal sealed record CompiledType(string Name, string Namespace, bool IsPublic, string Project, string Folder, string File);
