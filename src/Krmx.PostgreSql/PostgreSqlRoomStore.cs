using System.Diagnostics;
using Krmx.Storage;
using Npgsql;

namespace Krmx.PostgreSql;

/// <summary>Keeps rooms in a PostgreSQL database, which several servers may share.</summary>
/// <remarks>
/// What has completed is on the database server's disk: where that has <c>synchronous_commit</c> off, it is on for what the store does. Failures are told by
/// <see cref="RoomStoreException"/>.
/// </remarks>
public sealed class PostgreSqlRoomStore : IRoomStore
{
    private const string DefaultSchema = "krmx";

    /// <summary>How many connections there are beside the one that commits: many rooms that are opened at once must not use up what the database server allows.</summary>
    private const int MaxOtherConnections = 8;

    /// <summary>After so long without a commit, the next one asks the pool, which knows better whether a connection is still one.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource _source;
    private readonly bool _ownsSource;
    private readonly string _schema;
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private readonly SemaphoreSlim _others = new(MaxOtherConnections, MaxOtherConnections);
    private KeptConnection? _commits;
    private volatile PostgreSqlRooms? _rooms;

    /// <summary>Makes a store with connections of its own; the first is made when it is used first.</summary>
    /// <param name="connectionString">Npgsql's own, such as <c>Host=localhost;Username=krmx;Password=…;Database=krmx</c>.</param>
    /// <param name="schema">The schema that has the tables; it is made where it is missing. Default: <c>krmx</c>.</param>
    /// <exception cref="ArgumentException">The connection string has something that Npgsql does not know, or no host.</exception>
    public PostgreSqlRoomStore(string connectionString, string schema = DefaultSchema)
        : this(Connect(connectionString), schema) => _ownsSource = true;

    /// <summary>Makes a store on an application's connections, which stay when it is disposed.</summary>
    /// <param name="source">The connections.</param>
    /// <param name="schema">The schema that has the tables; it is made where it is missing. Default: <c>krmx</c>.</param>
    public PostgreSqlRoomStore(NpgsqlDataSource source, string schema = DefaultSchema)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(schema);
        _source = source;
        _schema = schema;
    }

    /// <inheritdoc/>
    public Task<StoredRoom> OpenAsync(RoomKey room, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        return RunAsync((rooms, connection) => rooms.OpenAsync(connection, room, now, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CommitAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken = default)
    {
        CommitPlan.Check(commits);
        InvalidOperationException? refusal = await CommitOnKeptConnectionAsync(commits, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            throw refusal;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(RoomKey room, long? epoch = null, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        IReadOnlyList<string> deleted = await RunAsync(
            (rooms, connection) => rooms.DeleteAsync(connection, room, epoch, cancellationToken), cancellationToken).ConfigureAwait(false);
        return deleted.Count > 0;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomSummary>> ListAsync(string route, string? after, int count, CancellationToken cancellationToken = default)
    {
        new RoomKey(route, after ?? "").EnsureStorable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync((rooms, connection) => rooms.ListAsync(connection, route, after, count, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ClaimDueAsync(
        string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync((rooms, connection) => rooms.ClaimDueAsync(connection, route, now, overdue, claimedUntil, count, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextAlarmAsync(string route, CancellationToken cancellationToken = default) =>
        RunAsync((rooms, connection) => rooms.NextAlarmAsync(connection, route, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DeleteUnusedAsync(
        string route, DateTimeOffset unusedSince, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync((rooms, connection) => rooms.DeleteUnusedAsync(connection, route, unusedSince, count, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(RoomKey room, long after, int count, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync((rooms, connection) => rooms.ReadTurnsAsync(connection, room, after, count, cancellationToken), cancellationToken);
    }

    /// <summary>Closes the connections that the store made.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _commits, null) is KeptConnection kept)
            await kept.Connection.DisposeAsync().ConfigureAwait(false);
        _preparing.Dispose();
        _others.Dispose();
        if (_ownsSource)
            await _source.DisposeAsync().ConfigureAwait(false);
    }

    /// <exception cref="ArgumentException">The connection string has something that Npgsql does not know, or no host.</exception>
    internal static NpgsqlDataSource Connect(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        if (string.IsNullOrEmpty(builder.ConnectionStringBuilder.Host))
            throw new ArgumentException("The connection string has no 'Host'. Name the server, as in 'Host=localhost;Username=krmx;Database=krmx'.", nameof(connectionString));
        // A handful of statements is run over and over.
        if (builder.ConnectionStringBuilder.MaxAutoPrepare == 0)
            builder.ConnectionStringBuilder.MaxAutoPrepare = 32;
        return builder.Build();
    }

    /// <remarks>
    /// A connection's server process prepares and plans for itself, and the pool gives each connection in turn: with as many as it takes to open a thousand rooms at
    /// once, commits took three times as long.
    /// </remarks>
    private async Task<InvalidOperationException?> CommitOnKeptConnectionAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken)
    {
        KeptConnection? kept = Interlocked.Exchange(ref _commits, null);
        if (kept is not null && Stopwatch.GetElapsedTime(kept.LastUsed) > KeptFor)
        {
            await kept.Connection.DisposeAsync().ConfigureAwait(false);
            kept = null;
        }
        NpgsqlConnection? connection = kept?.Connection;
        try
        {
            connection ??= await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            PostgreSqlRooms rooms = _rooms ?? await PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
            InvalidOperationException? refusal = await rooms.CommitAsync(connection, commits, cancellationToken).ConfigureAwait(false);
            if (Interlocked.CompareExchange(ref _commits, new KeptConnection(connection, Stopwatch.GetTimestamp()), null) is null)
                connection = null;
            return refusal;
        }
        catch (NpgsqlException error)
        {
            throw PostgreSqlFailure.Of(_source, error);
        }
        finally
        {
            // Back to the pool, which takes back what is not committed.
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<T> RunAsync<T>(Func<PostgreSqlRooms, NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await _others.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                return await work(_rooms ?? await PrepareAsync(connection, cancellationToken).ConfigureAwait(false), connection).ConfigureAwait(false);
        }
        catch (NpgsqlException error)
        {
            throw PostgreSqlFailure.Of(_source, error);
        }
        finally
        {
            _others.Release();
        }
    }

    /// <summary>Looks at what the server would do to what is stored, and makes the tables where they are missing.</summary>
    private async Task<PostgreSqlRooms> PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _rooms ??= await PostgreSqlSchema.PrepareAsync(connection, PostgreSqlFailure.Where(_source), _schema, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _preparing.Release();
        }
    }

    private sealed record KeptConnection(NpgsqlConnection Connection, long LastUsed);
}
